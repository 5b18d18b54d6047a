"""`graph-api schema`: the contract, as front ends' tools read it."""

import typer

from graph_api.cli.options import DataDir


def schema(data_dir: DataDir = None) -> None:
    """Print the GraphQL schema (SDL). Needs no database."""
    from graph_api.schema.build import print_schema

    typer.echo(print_schema().rstrip("\n"))
