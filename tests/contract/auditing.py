"""Verifying and sealing a test's practice, and tampering with its events."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph_api.audit.append import Auditor
from graph_api.audit.chain import Fault, Finding
from graph_api.audit.model import Actor
from graph_api.engine.session import GraphSession
from graph_api.evidence.sealing import Sealed
from graph_api.evidence.verifying import Verified
from graph_api.evidence.wiring import checkpoints_of, read_checkpoints, sealer_of, verifier_of
from graph_api.kernel.graph import Graph
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.transaction import Transaction
from tests.api import Api, Installation

Place = tuple[Fault, str, int, int]


@dataclass
class AuditOf:
    """A practice's audit log, as an operator and as an attacker who can write to the database see it."""

    installation: Installation
    api: Api

    async def seal(self, *, whole: bool = False) -> Sealed:
        """A checkpoint."""
        checkpoints = checkpoints_of(self.installation.settings, self.api.practice)
        try:
            sealer = sealer_of(self.installation.settings, self.installation.database, self.api.practice, checkpoints)
            sealed = await sealer.run(datetime.now(UTC), whole=whole)
            assert sealed is not None
            return sealed
        finally:
            checkpoints.close()

    async def verify(self) -> tuple[Verified, list[Finding], list[str]]:
        """What was looked at, what is wrong with it, and with the checkpoints."""
        settings, practice = self.installation.settings, self.api.practice
        checkpoints = checkpoints_of(settings, practice)
        findings: list[Finding] = []
        try:
            await read_checkpoints(self.installation.database, practice, checkpoints)
            verifier = verifier_of(settings, self.installation.database, practice, checkpoints)
            result = await verifier.run(findings.append)
            assert result.findings == len(findings)
            return result, findings, list(checkpoints.faults)
        finally:
            checkpoints.close()

    async def places(self) -> list[Place]:
        """Where something is wrong."""
        _, findings, faults = await self.verify()
        assert faults == []
        return [(found.fault, found.subject_id, found.sequence, found.last) for found in findings]

    async def tamper(self, statement: str, **params: Any) -> None:
        """A write of an attacker's."""
        async with self.installation.database.session(write=True) as session:
            await (await session.run(statement, {"practice": self.api.practice.id, **params})).consume()

    async def append(self, auditor: Auditor, subject_id: str) -> None:
        """An event of an auditor, who may hold another key."""

        async def work(tx: Transaction) -> None:
            done = Happened(EventKind.SET_CLIENT_STATUS, subject_id)
            await auditor.append(tx, Actor("staff-1", "staff"), [done], datetime.now(UTC))

        session = GraphSession(self.installation.database)
        await Graph(session, self.api.practice.id, datetime.now(UTC).date()).write(work)

    async def events(self, subject_id: str) -> list[dict[str, Any]]:
        """A chain as it is stored."""
        statement = "MATCH (e:AuditEvent) WHERE e.subjectId = $id RETURN e{.*} AS event ORDER BY e.sequence"
        async with self.installation.database.session(write=False) as session:
            result = await session.run(statement, {"id": subject_id})
            return [record["event"] async for record in result]


@asynccontextmanager
async def busy(installation: Installation) -> AsyncIterator[tuple[AuditOf, str, str]]:
    """A fresh practice with two clients of five events each."""
    api = installation.api(await installation.practice())
    ids = []
    for name in ("Ana", "Bea"):
        client = await api.client(name)
        for version in range(1, 5):
            changes = {"preferredName": f"Name {version}"}
            await api.done("updatePerson", personId=client["id"], expectedVersion=version, changes=changes)
        ids.append(client["id"])
    yield AuditOf(installation, api), *ids
