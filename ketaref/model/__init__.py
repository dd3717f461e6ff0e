"""What the data files hold, valid by construction: nothing here can exist without its source."""
