//! Composition root, floor 6: settings become parts, parts become state. Nothing else reads settings.
