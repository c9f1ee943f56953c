import LingerDiagnostics

/// Fills lines with items, two blanks apart; only an item may be longer than `width`.
func pack(_ items: [String], width: Int) -> [String] {
  var lines: [String] = []
  for item in items {
    if let last = lines.last, last.columns + 2 + item.columns <= width {
      lines[lines.count - 1] = last + "  " + item
    } else {
      lines.append(item)
    }
  }
  return lines
}

/// Fills lines with items, two blanks apart; none is longer than `width`.
func fill(_ items: [String], width: Int) -> [String] {
  pack(items, width: width).flatMap { breakLines($0, width: width) }
}

/// Breaks a text at blanks, and a word that is longer than a line inside too: after a sign, before
/// a capital or, if nothing else helps, anywhere. No line is longer than `width`.
func breakLines(_ text: String, width: Int) -> [String] {
  let width = max(width, 1)
  var lines = [""]
  // A documentation comment may have a tab between its words.
  for word in text.split(omittingEmptySubsequences: false, whereSeparator: \.isBlank) {
    let last = lines[lines.count - 1]
    let beginning = last.isEmpty ? "" : last + " "
    if beginning.columns + word.columns <= width {
      lines[lines.count - 1] = beginning + word
    } else if word.columns <= width {
      lines.append(String(word))
    } else {
      var line = beginning
      for piece in pieces(of: word).flatMap({ chunks(of: $0, width: width) }) {
        if line.columns + piece.columns <= width {
          line += piece
        } else {
          lines[lines.count - 1] = line
          lines.append("")
          line = piece
        }
        lines[lines.count - 1] = line
      }
    }
  }
  return lines.map(\.trimmed)
}

/// The columns of the longest word of a text. What stands in parentheses may begin a line.
func longestWord(of text: String) -> Int {
  var longest = 0
  var length = 0
  for character in text {
    if character.isBlank {
      length = 0
    } else {
      length += 1
      longest = max(longest, length)
      if character == "(" { length = 0 }
    }
  }
  return longest
}

/// The parts of a word between which it may be broken: behind signs and before capitals.
private func pieces(of word: Substring) -> [String] {
  var pieces: [String] = []
  var piece = ""
  for character in word {
    if character.isUppercase, piece.last?.isLowercase == true {
      pieces.append(piece)
      piece = ""
    }
    piece.append(character)
    if !character.isLetter, !character.isNumber {
      pieces.append(piece)
      piece = ""
    }
  }
  return piece.isEmpty ? pieces : pieces + [piece]
}

private func chunks(of piece: String, width: Int) -> [String] {
  guard piece.columns > width else { return [piece] }
  var chunks: [String] = []
  var chunk = ""
  for character in piece {
    if !chunk.isEmpty, chunk.columns + String(character).columns > width {
      chunks.append(chunk)
      chunk = ""
    }
    chunk.append(character)
  }
  return chunks + [chunk]
}

/// Rows with a lead at the left of the first. A lead that leaves too little room for what follows
/// gets rows of its own.
func block(lead: String, _ items: [String], width: Int) -> [String] {
  if lead.count <= width / 2 {
    let indent = String.blanks(lead.count)
    return fill(items, width: width - lead.count).enumerated().map { row, line in
      ((row == 0 ? lead : indent) + line).trimmed
    }
  }
  let depth = min(lead.prefix { $0 == " " }.count, width / 4)
  let words = String(lead.drop { $0 == " " })
  return breakLines(words, width: width - depth).map { String.blanks(depth) + $0 }
    + block(lead: .blanks(depth + 2), items, width: width)
}

/// Rows that begin with a name each; what follows the names is aligned, but for very long names.
func table(indent: Int, _ states: [(name: String, items: [String])], width: Int) -> [String] {
  let names = states.map(\.name.count).filter { $0 <= width / 3 }.max() ?? 0
  return states.flatMap { name, items in
    block(lead: .blanks(indent) + name.padding(to: names) + "  ", items, width: width)
  }
}

extension StringProtocol {
  /// How wide the text is on a terminal. Names are ASCII, documentation may be anything.
  var columns: Int {
    let bytes = utf8
    if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
    return reduce(0) { $0 + DisplayWidth.columns(of: $1) }
  }
}

extension String {
  static func blanks(_ count: Int) -> String { String(repeating: " ", count: Swift.max(0, count)) }

  /// The text with blanks behind it up to a width.
  func padding(to width: Int) -> String { self + .blanks(width - count) }

  /// The text without blanks at its end.
  var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Character {
  fileprivate var isBlank: Bool { self == " " || self == "\t" }
}
