//! Japanese words, readings and accents by the mecab program as a child process.
