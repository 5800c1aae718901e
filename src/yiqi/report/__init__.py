"""What people read: text for a terminal and HTML for a browser or a printer."""
