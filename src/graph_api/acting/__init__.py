"""What contacts and clients do in the portal: they write, and staff answer."""
