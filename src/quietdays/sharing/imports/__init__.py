"""One module for each way in: read all, complain with row and reason, then write all or nothing."""
