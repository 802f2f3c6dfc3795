"""What each app wants measured, and the data that its pages need."""
