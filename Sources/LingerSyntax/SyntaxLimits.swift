/// Bounds that keep hostile input harmless; each far above what a spec needs.
enum SyntaxLimits {
  /// Brackets, blocks and `else if`s inside each other.
  static let nesting = 100
  /// Recursive calls of the parser: two for a bracket with an operator before it. One takes up to
  /// 20 kB of stack in a debug build, and the stack has 8 MB.
  static let recursion = 250
  /// Levels of one expression, the operators of a chain included: later phases walk it
  /// recursively.
  static let height = 250
  /// Bytes of one file; offsets have 32 bits.
  static let fileBytes = 256 << 20
  /// Characters of a name that a message repeats.
  static let shownCharacters = 40
  /// The units of a duration literal.
  static let units = ["ns", "us", "ms", "s", "min", "h"]
  /// Other spellings of these.
  static let foreignUnits = [
    "nsec": "ns", "nsecs": "ns", "nanos": "ns", "nanosecond": "ns", "nanoseconds": "ns",
    "usec": "us", "usecs": "us", "micros": "us", "microsecond": "us", "microseconds": "us",
    "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "S": "s",
    "mins": "min", "minute": "min", "minutes": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "H": "h",
  ]
}

extension String {
  /// The text as a message repeats it: a name of a megabyte must not become one.
  var clipped: String {
    utf8.count <= SyntaxLimits.shownCharacters
      ? self : String(prefix(SyntaxLimits.shownCharacters)) + "…"
  }
}
