/// Damages texts at random, a byte or a token at a time, to see that nothing crashes on them.
///
/// Deterministic: the same seed gives the same texts.
package struct Mutator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// The text after one to three small changes.
  package mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...below(3) { result = mutateOnce(result) }
    return result
  }

  /// The text after one small change.
  package mutating func mutateOnce(_ bytes: [UInt8]) -> [UInt8] {
    below(2) == 0 ? mutatingByte(bytes) : mutatingToken(bytes)
  }

  /// The text after one change of a kind that often leaves it a spec: a line is left out, repeated
  /// or moved, or a number, a name or an operator is replaced by another that stands in the text.
  package mutating func mutateMeaning(_ bytes: [UInt8]) -> [UInt8] {
    if below(4) == 0 { return mutatingLine(bytes) }
    let tokens = Mutator.tokens(of: bytes)
    guard !tokens.isEmpty else { return bytes }
    let first = tokens[below(tokens.count)]
    let kind = Mutator.kind(of: bytes[first.lowerBound])
    let alike = tokens.filter { Mutator.kind(of: bytes[$0.lowerBound]) == kind }
    return replacing(first, in: bytes, with: Array(bytes[alike[below(alike.count)]]))
  }

  /// A number from 0 up to the bound, which must be positive.
  package mutating func below(_ bound: Int) -> Int {
    // SplitMix64 (Steele, Lea, Flood 2014); the bias of the remainder does not matter here.
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Int(mixed % UInt64(bound))
  }

  private mutating func mutatingByte(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    guard !result.isEmpty else { return [UInt8(below(256))] }
    let place = below(result.count)
    switch below(5) {
    case 0: result[place] = UInt8(below(256))
    case 1: result[place] ^= 1 << UInt8(below(8))
    case 2: result.remove(at: place)
    case 3: result.insert(UInt8(below(128)), at: place)
    default: result.removeSubrange(place..<min(place + 1 + below(20), result.count))
    }
    return result
  }

  private mutating func mutatingToken(_ bytes: [UInt8]) -> [UInt8] {
    let tokens = Mutator.tokens(of: bytes)
    guard !tokens.isEmpty else { return bytes }
    let first = tokens[below(tokens.count)]
    let second = tokens[below(tokens.count)]
    let other = Array(bytes[second])
    switch below(6) {
    case 0: return replacing(first, in: bytes, with: [])
    case 1: return replacing(first, in: bytes, with: other)
    case 2: return replacing(first, in: bytes, with: Array(bytes[first]) + other)
    case 3: return replacing(first, in: bytes, with: Mutator.spice[below(Mutator.spice.count)])
    case 4: return Array(bytes[..<first.lowerBound])
    default: return replacing(first, in: bytes, with: other + [0x20] + Array(bytes[first]))
    }
  }

  private mutating func mutatingLine(_ bytes: [UInt8]) -> [UInt8] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let (place, other) = (below(lines.count), below(lines.count))
    switch below(3) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: other)
    default: lines.swapAt(place, other)
    }
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private func replacing(
    _ range: Range<Int>,
    in bytes: [UInt8],
    with replacement: [UInt8]
  ) -> [UInt8] {
    Array(bytes[..<range.lowerBound]) + replacement + Array(bytes[range.upperBound...])
  }

  /// Texts that are unlikely to be in the text already.
  private static let spice: [[UInt8]] = [
    "{", "}", "(", ")", "[", "]", "\n", "\"", "/*", "*/", "//", "...", "=", "==", "?", "!", "-",
    "implies", "for all x in", "count x in", "let", "case", "role X {", "transition t on internal",
    "99999999999999999999", "0x", "1.5", "3 s", "'", "\u{0}", "é", "≤", ";", ",", ":", "in", "nil",
    "self", "replace", "remove", "Queue<", "Set<", "~>", "variant V of", "import \"x\"",
    "/\\", "\\/", "#", "/=", "=<", ":=", "'", "++", "forall x in", "\\A x \\in", "|", "&", "not",
    "->", "msec", "do ::", "then", "while", "null", "-- ", "(*", "*=", "elif",
  ].map { Array($0.utf8) }

  /// Runs of letters and digits, and single other characters that are not blanks.
  package static func tokens(of bytes: [UInt8]) -> [Range<Int>] {
    var tokens: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      var end = start + 1
      if isWord(bytes[start]) {
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
      }
      if bytes[start] > 0x20 { tokens.append(start..<end) }
      start = end
    }
    return tokens
  }

  /// What tokens are alike: numbers, words with a capital, other words, and each of the rest with
  /// those that are compared, added or joined as it is.
  private static func kind(of byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): 0
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): 1
    case _ where isWord(byte): 2
    case UInt8(ascii: "<"), UInt8(ascii: ">"): 3
    case UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "%"): 4
    case UInt8(ascii: "&"), UInt8(ascii: "|"): 5
    default: 6 + Int(byte)
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
