"""Logs as JSON lines on stderr. No health data: messages are our own, values stay out."""

import contextlib
import logging
import sys
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

import orjson
import structlog

from graph_api.soon import Soon

_OURS = logging.getLogger("graph_api")
GATHERED_FOR = 0.1
"""Seconds; what a worker that is killed had gathered is lost."""
WHOLE = 4_096
"""Bytes that a pipe takes in one piece: workers share one, and do not cut into each other's lines."""


class _Stderr:
    """Stderr as it is when a line is written; a line that can't be written is no reason to fail a request."""

    def write(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.buffer.write(line)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.buffer.flush()


class Gathered:
    """Lines of the same shape as all others, written together: a write for each took a sixth of a request's time."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._writing = Soon(GATHERED_FOR, self.write)
        self._out = _Stderr()

    def info(self, event: str, **values: Any) -> None:
        """Take a line down, where such lines are wanted."""
        if not _OURS.isEnabledFor(logging.INFO):
            return
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        line = {**values, "event": event, "level": "info", "timestamp": at}
        self._lines.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self._writing.ask()

    def write(self) -> None:
        """Write what was taken down."""
        lines, self._lines = self._lines, []
        piece = b""
        for line in lines:
            if len(piece) + len(line) > WHOLE:
                self._put(piece)
                piece = b""
            piece += line
        self._put(piece)

    def _put(self, piece: bytes) -> None:
        if piece:
            self._out.write(piece)
            self._out.flush()


def configure_logs(level: int = logging.INFO) -> None:
    """Set up structlog and the standard library's loggers alike."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=orjson.dumps)],
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", _Stderr())),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("graph_api").setLevel(level)
    # The driver's messages can hold values of statements.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
