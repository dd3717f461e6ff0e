"""What any row says and comes to, whoever states it: quantities, cautions, working."""
