"""What developers run by hand; never needed to run anysound."""
