"""A plain account book, in which each cent is a thing that is somewhere (P3, P7, P11, P13). It shares no code."""

from dataclasses import dataclass, field


@dataclass
class Cent:
    """One cent of a charge; a loose one is money that lies on none."""

    day: int
    charge: str
    shared: bool
    at: str = "open"
    """Or reserved, paid, held by a bank, written off, void; of a loose one credit, held, gone."""
    loose: bool = False
    refund: str | None = None
    """What will give it back."""


@dataclass
class Book:
    """All cents of charges, and those of each payment in the order in which it took them."""

    cents: list[Cent] = field(default_factory=list)
    of: dict[str, list[Cent]] = field(default_factory=dict)
    stands: dict[str, str] = field(default_factory=dict)
    """Of each payment and refund: waits, done, or given up."""

    def add(self, charge: str, amount: int, *, shared: bool, day: int) -> None:
        self.cents += [Cent(day, charge, shared) for _ in range(amount)]
        self.cents.sort(key=lambda cent: (cent.day, cent.charge))

    def void(self, charge: str) -> bool:
        own = [cent for cent in self.cents if cent.charge == charge]
        can = all(cent.at in ("open", "written off") for cent in own)
        put([cent for cent in own if can and cent.at == "open"], "void")
        return can

    def due(self, named: list[str] | None, *, sees_all: bool) -> list[Cent]:
        found = [cent for cent in self.cents if cent.at == "open" and (sees_all or cent.shared)]
        return found if named is None else [cent for charge in named for cent in found if cent.charge == charge]

    def pay(self, payment: str, cents: list[Cent]) -> None:
        self.of[payment], self.stands[payment] = cents, "waits"
        put(cents, "reserved")

    def settle(self, payment: str, *, has_come: bool) -> None:
        if not has_come:
            put(self.of[payment], "open")
        elif self.stands[payment] == "waits":
            put(self.of[payment], "paid")
        else:
            self.of[payment] = [self._late(cent) for cent in self.of[payment]]
        self.stands[payment] = "done" if has_come else "given up"

    def _late(self, meant: Cent) -> Cent:
        for cent in self.cents:
            if cent.charge == meant.charge and cent.at == "open":
                cent.at = "paid"
                return cent
        return Cent(meant.day, meant.charge, meant.shared, "credit", loose=True)

    def left(self, payment: str) -> list[Cent]:
        """What can be given back, in that order."""
        own = [cent for cent in reversed(self.of[payment]) if cent.at in ("paid", "credit") and cent.refund is None]
        return sorted(own, key=lambda cent: not cent.loose) if self.stands[payment] == "done" else []

    def begin(self, refund: str, payment: str, amount: int) -> bool:
        can = amount <= len(self.left(payment))
        for cent in self.left(payment)[:amount] if can else ():
            cent.refund, self.stands[refund] = refund, "waits"
        return can

    def end(self, refund: str, payment: str, *, has_gone: bool, reopens: bool) -> None:
        for cent in [cent for cent in self.of[payment] if cent.refund == refund]:
            cent.refund = None
            if has_gone:
                cent.at = "gone" if cent.loose else "open" if reopens else "written off"
                self.of[payment] = [one for one in self.of[payment] if one is not cent]
        self.stands[refund] = "done" if has_gone else "given up"

    def hold(self, payment: str, amount: int) -> None:
        held = [cent for cent in self.of[payment] if cent.at == "held" and self.stands[payment] == "done"]
        put(self.left(payment)[: max(0, amount - len(held))], "held")
        for cent in sorted(held, key=lambda cent: cent.loose)[: max(0, len(held) - amount)]:
            cent.at = "credit" if cent.loose else "paid"

    def count(self, *at: str, charge: str | None = None, shared: bool = False) -> int:
        loose = [cent for some in self.of.values() for cent in some if cent.loose]
        some = [cent for cent in (*self.cents, *loose) if cent.at in at and (cent.shared or not shared)]
        return sum(charge is None or (cent.charge == charge and not cent.loose) for cent in some)


def put(cents: list[Cent], at: str) -> None:
    for cent in cents:
        cent.at = at
