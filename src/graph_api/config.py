"""Settings: from GRAPH_API_* variables and an optional .env file, validated once, then frozen."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

import platformdirs
from email_validator import EmailNotValidError, validate_email
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph_api.mail_server import LOOPBACK, MailServer

PORTAL_ISSUER = "graph-api-portal"
BOLT_SCHEMES = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})


class SettingsFileError(Exception):
    """A file that a setting names can't be used; the message says why."""


def default_data_dir() -> Path:
    """Where data lives when nothing else is said: the user's data folder."""
    return Path(platformdirs.user_data_dir("graph-api", appauthor=False))


def _is_safe(address: SplitResult) -> bool:
    """Whether nobody on the way can read or change what goes there."""
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)


class Settings(BaseSettings):
    """Everything that can be set; each field is GRAPH_API_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="GRAPH_API_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=default_data_dir)

    database_url: str | None = None
    database_user: str = "neo4j"
    database_password: SecretStr | None = None
    database_password_file: Path | None = None
    database_name: str | None = None
    bolt: Literal["lean", "official"] = "lean"
    """Which client speaks to one server; addresses that route are always the driver's."""

    engine_heap: str = Field("512m", pattern=r"^[1-9]\d*[mMgG]$")
    engine_port: int | None = Field(None, ge=1, le=65535)
    engine_start_timeout: float = Field(600.0, gt=0, le=86_400)
    """Seconds that the embedded engine may take to start, as long as it gets on."""

    disk_reserve: int = Field(50_000_000, ge=0)
    """Bytes of the data directory's disk that no write may use up."""

    jwks_url: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None

    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    portal_url: str | None = None
    public_url: str | None = None
    """Where others reach this server; addresses of calendar feeds begin with it."""
    sms: Literal["twilio"] | None = None
    """What takes texts to phones away; without one they are files where mail is, and else there are none."""
    twilio_file: Path | None = None
    twilio_url: str | None = None
    """Another server than Twilio's own, for tests."""

    secret_file: Path | None = None
    audit_key_file: Path | None = None
    portal_key_file: Path | None = None
    message_keys_file: Path | None = None
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    on_loopback: bool = False
    """Whether nobody but this machine reaches the server; `serve` and the demo set it."""
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    request_timeout: float = Field(10.0, gt=0, le=300)
    header_timeout: float = Field(10.0, gt=0, le=300)
    idle_timeout: float = Field(65.0, gt=0, le=3_600)
    write_timeout: float = Field(30.0, gt=0, le=300)
    max_connections: int = Field(1_000, ge=1, le=1_000_000)
    max_connections_per_address: int = Field(100, ge=1, le=1_000_000)
    portal_work: int = Field(20, ge=0, le=100_000)
    staff_work: int = Field(500, ge=0, le=100_000)
    """Milliseconds of a worker's time that one account may use in each second, on the average; 0 counts nothing."""
    graphiql: bool | None = None
    """Whether `/` serves GraphiQL; where nothing is said, on loopback alone."""

    worker: bool = True
    """Whether servers send mails and reminders themselves."""
    operations: Path | None = None
    only_operations: bool = False

    @field_validator("cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, (item.strip() for item in value.split(",")))) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            ip_network(item)
        return value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _bolt(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in BOLT_SCHEMES:
            raise ValueError(f"must begin with one of {', '.join(sorted(BOLT_SCHEMES))}, such as neo4j+s://host")
        return value

    @model_validator(mode="after")
    def _all_of_the_issuer(self) -> Self:
        given = (self.jwks_url, self.jwt_issuer, self.jwt_audience)
        if any(given) and not all(given):
            raise ValueError("GRAPH_API_JWKS_URL, GRAPH_API_JWT_ISSUER and GRAPH_API_JWT_AUDIENCE go together")
        if self.jwt_issuer == PORTAL_ISSUER:
            raise ValueError(
                f"GRAPH_API_JWT_ISSUER may not be {PORTAL_ISSUER}: that one issues portal accounts' tokens"
            )
        if self.jwks_url and not _is_safe(urlsplit(self.jwks_url)):
            raise ValueError("GRAPH_API_JWKS_URL must be an https:// address, because its keys decide who can sign in")
        return self

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            MailServer.from_url(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return validate_email(value.strip(), check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise ValueError("is not an e-mail address such as portal@example.org") from None

    @field_validator("portal_url", "public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        address = urlsplit(value)
        if not address.hostname or address.query or address.fragment or not _is_safe(address):
            raise ValueError(
                "must be an https:// address such as https://portal.example.org; in GRAPH_API_PORTAL_URL, {practice} "
                "stands for the slug"
            )
        return value.rstrip("/")

    @field_validator("twilio_url")
    @classmethod
    def _of_this_machine(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).hostname not in LOOPBACK:
            raise ValueError("is for tests: it must be an address of this machine")
        return value

    @model_validator(mode="after")
    def _texts_by_somebody(self) -> Self:
        if self.sms is not None and self.twilio_file is None:
            raise ValueError("GRAPH_API_SMS=twilio needs GRAPH_API_TWILIO_FILE: the practices' accounts")
        return self

    @model_validator(mode="after")
    def _mail_from_somebody(self) -> Self:
        if self.smtp_url is not None and self.mail_from is None:
            raise ValueError("GRAPH_API_SMTP_URL needs GRAPH_API_MAIL_FROM: the address that mail comes from")
        return self

    @model_validator(mode="after")
    def _only_with_some(self) -> Self:
        if self.only_operations and self.operations is None:
            raise ValueError("GRAPH_API_ONLY_OPERATIONS needs GRAPH_API_OPERATIONS; nothing would be answered without")
        return self

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed over; without one it is written to files."""
        return None if self.smtp_url is None else MailServer.from_url(self.smtp_url.get_secret_value())

    @property
    def mail_directory(self) -> Path:
        """Where mail is written without a mail server."""
        return self.data_dir / "mail"

    @property
    def texts_directory(self) -> Path:
        """Where texts to phones are written without a mail server."""
        return self.data_dir / "sms"

    @property
    def portal_open(self) -> bool:
        """Whether portal accounts may sign in: their codes are mailed, or nobody else reaches this server."""
        return self.smtp_url is not None or self.on_loopback

    @property
    def serves_graphiql(self) -> bool:
        """Whether `/` serves GraphiQL: it shows strangers all that can be asked, so beyond loopback it is asked for."""
        return self.on_loopback if self.graphiql is None else self.graphiql

    @property
    def embedded(self) -> bool:
        """Whether the database is our own engine."""
        return self.database_url is None

    def read_database_password(self) -> str | None:
        """The password, from its file or the variable; None for a database without sign-in."""
        if self.database_password_file is not None:
            return self.database_password_file.read_text(encoding="utf-8").strip()
        return None if self.database_password is None else self.database_password.get_secret_value()
