"""What every concern is built of: ids, text, errors, paging, moments, and how a mutation runs."""
