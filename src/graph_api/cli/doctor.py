from graph_api.cli.options import DataDir


def doctor(data_dir: DataDir = None) -> None:
    """x"""
