"""`graph-api schema`: the contract, as front ends' tools read it, and who may read and do what."""

from typing import Annotated

import typer

from graph_api.cli.options import DataDir

Access = Annotated[bool, typer.Option("--access", help="Print who may read each field and call each mutation.")]
Compiled = Annotated[bool, typer.Option("--compiled", help="Print the fields that compiled code can answer.")]


def schema(access: Access = False, compiled: Compiled = False, data_dir: DataDir = None) -> None:
    """Print the GraphQL schema (SDL), the table of who may read and do what, or what is answered by compiled code.

    Needs no database.
    """
    from graph_api.graphql.build import print_access, print_compiled, print_schema

    print_it = print_access if access else print_compiled if compiled else print_schema
    typer.echo(print_it().rstrip("\n"))
