"""Logs as JSON lines on stderr. No health data: messages are our own, values stay out."""

import contextlib
import logging
import sys
from typing import BinaryIO, cast

import orjson
import structlog


class _Stderr:
    """Stderr as it is when a line is written; a line that can't be written is no reason to fail a request."""

    def write(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.buffer.write(line)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.buffer.flush()


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
