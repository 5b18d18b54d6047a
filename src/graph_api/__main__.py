"""`python -m graph_api` is the command `graph-api`."""

from graph_api.cli import app

if __name__ == "__main__":
    app(prog_name="graph-api")
