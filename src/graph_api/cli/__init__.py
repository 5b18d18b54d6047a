"""The command line: `graph-api`. Commands import what they need when they run, so that each starts quickly."""

import typer

from graph_api.cli import audit, keys, mail, messages, payments, practices, reminding
from graph_api.cli.demo import demo
from graph_api.cli.doctor import doctor
from graph_api.cli.importing import import_files
from graph_api.cli.migrations import migrate
from graph_api.cli.problems import CommandGroup
from graph_api.cli.schema import schema
from graph_api.cli.serving import serve
from graph_api.cli.tokens import token
from graph_api.cli.working import worker

app = typer.Typer(
    name="graph-api",
    cls=CommandGroup,
    help="Contact networks of a health practice, as a GraphQL API.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would show people's data and passwords.
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(demo)
app.command()(worker)
app.add_typer(practices.app, name="practice")
app.add_typer(audit.app, name="audit")
app.add_typer(mail.app, name="mail")
app.add_typer(reminding.app, name="remind")
app.add_typer(keys.app, name="keys")
app.add_typer(messages.app, name="messages")
app.add_typer(payments.app, name="payments")
app.command()(migrate)
app.command()(token)
app.command()(schema)
app.command("import")(import_files)
app.command()(doctor)
