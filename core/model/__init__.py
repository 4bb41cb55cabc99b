"""Plans that run: one flat vector of parameters with named views, and arrays that are allocated once."""
