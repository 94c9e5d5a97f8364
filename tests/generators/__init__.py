"""Programs with hand-written gradients, right and wrong, as many as one likes, with labels that were measured."""
