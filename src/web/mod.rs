//! What visitors and programs ask for over HTTP, floor 5.
