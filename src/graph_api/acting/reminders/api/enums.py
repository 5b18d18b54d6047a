"""Enums of reminders, as the contract names and describes them."""

from graph_api.acting.reminders.model import ReminderChannel, ReminderStatus, SuppressionReason
from graph_api.shapes.enums import show

show(ReminderChannel, "ReminderChannel", "A channel for reminders", EMAIL="By e-mail", SMS="By a text to a phone")
show(
    ReminderStatus,
    "ReminderStatus",
    "How far a reminder to one address has come",
    SENDING="It is being handed over, or is tried again",
    SENT="The mail server or the SMS gateway took it. Whether anybody read it is not known",
    SUPPRESSED="It was not sent, for a reason",
    FAILED="It was tried, and is not tried again",
)
show(
    SuppressionReason,
    "SuppressionReason",
    "Why somebody is not reminded. Where several hold, the first is shown",
    NOT_BOOKED="The appointment is not booked, or not any more",
    MOVED="The appointment was moved; its new time has reminders of its own",
    TOO_LATE="The appointment begins in less than half an hour, or has begun",
    SUPERSEDED="A reminder nearer to the start is due as well",
    DECEASED="The client or the contact has died",
    DENIED="The person may not be reminded, as `canAct` explains",
    PREFERENCE="The person does not want it, or staff decided so",
    NO_ADDRESS="There is no address for it, or none that only people have who may know of the appointment",
    OPTED_OUT="The owner of the address opted out",
    NO_GATEWAY="The practice can't send texts",
    QUIET_HOURS="Quiet hours leave no time before the appointment",
    REFUSED="The mail server or the SMS gateway does not take it",
)
