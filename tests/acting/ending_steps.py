"""Steps of a calendar's life that answer a request, cancel, or say what came of an appointment."""

from tests.acting.booking_model import OUTCOMES, STAFF, Booked, standing
from tests.acting.calendar_scene import Scene

STATUS = "appointment { status }"


class EndingSteps(Scene):
    """Each is predicted, made and compared."""

    def staff_confirm(self, one: Booked) -> None:
        """A request that still holds its time."""
        self.staff_answer(one, "confirmAppointment", "BOOKED")

    def staff_decline(self, one: Booked) -> None:
        """A request."""
        self.staff_answer(one, "declineAppointment", "DECLINED")

    def staff_answer(self, one: Booked, mutation: str, status: str) -> None:
        """What is no request, or has expired, is not answered."""
        version, stands = self.version_sent(one), one.at(self.diary.now)
        answer = self.mutate("staff", mutation, STATUS, appointmentId=one.id, expectedVersion=version)
        why = None if stands == "REQUESTED" else standing(stands)
        assert answer.why == ("VERSION_CONFLICT" if version != one.version else why), one
        if answer.why is None:
            one.becomes(status)

    def somebody_cancels(self, one: Booked) -> None:
        """One, or with it those of its series that follow, which only staff may."""
        staff = ["staff"] * (6 if one.series else 1)
        who = "staff" if one.client == "eva" else self.chance.choice([*staff, "anna", "ben"])
        follows = self.chance.random() < (0.6 if who in STAFF and one.series else 0.1)
        values = {"scope": "THIS_AND_FOLLOWING"} if follows else {}
        version = self.version_sent(one)
        sent = {"appointmentId": one.id, "expectedVersion": version}
        answer = self.mutate(who, "cancelAppointment", STATUS, **sent, **values)
        if follows and who not in STAFF:
            why: str | None = "FORBIDDEN"
        else:
            why = "VERSION_CONFLICT" if version != one.version else self.diary.why_not_cancelled(who, one)
        assert answer.why == why, (who, one)
        if why is None:
            for gone in self.diary.cancelled_with(one) if follows else [one]:
                gone.becomes("CANCELLED")

    def somebody_says_what_came(self, one: Booked) -> None:
        """Staff, from its day on; that it was entered in error, only an admin."""
        who = self.chance.choice(["staff"] * 5 + ["admin"] * 4 + ["ben"])
        completed = ["COMPLETED"] * (8 if one.status == "ARRIVED" else 0)
        outcome = self.chance.choice([*OUTCOMES, *OUTCOMES, *["ENTERED_IN_ERROR"] * 2, *completed])
        version = self.version_sent(one)
        sent = {"appointmentId": one.id, "expectedVersion": version, "outcome": outcome}
        answer = self.mutate(who, "setAppointmentOutcome", STATUS, **sent)
        if who not in STAFF:
            why: str | None = "FORBIDDEN"
        elif version != one.version:
            why = "VERSION_CONFLICT"
        else:
            why = self.diary.why_not_outcome(who, one, outcome)
        assert answer.why == why, (who, one, outcome)
        if why is None:
            one.becomes(outcome)
