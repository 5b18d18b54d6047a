"""`graph-api schema`: the contract, as front ends' tools read it, and who may read and do what."""

from typing import Annotated

import typer

from graph_api.cli.options import DataDir

Access = Annotated[bool, typer.Option("--access", help="Print who may read each field and call each mutation.")]


def schema(access: Access = False, data_dir: DataDir = None) -> None:
    """Print the GraphQL schema (SDL), or the table of who may read and do what. Needs no database."""
    from graph_api.graphql.build import print_access, print_schema

    typer.echo((print_access() if access else print_schema()).rstrip("\n"))
