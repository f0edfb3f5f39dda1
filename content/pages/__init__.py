"""What the book shows: the site's frame, home, a section, and the author's view."""
