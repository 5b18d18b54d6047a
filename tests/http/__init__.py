# noqa: A005 - it proves graph_api.http
