//! Audio, captions and images by their hash, floor 3, over `object_store`.
