"""The graph database: statements, Bolt, the embedded engine, migrations."""
