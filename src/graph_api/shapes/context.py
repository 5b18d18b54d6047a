"""What resolvers of one request share."""

import strawberry

from graph_api.kernel.scope import Scope

Info = strawberry.Info[Scope, None]
