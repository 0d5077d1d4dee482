//! What single expressions are read as, and what must hold for any text.
