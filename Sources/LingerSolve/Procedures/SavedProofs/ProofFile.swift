/// A saved proof: SMT-LIB 2 text as ``Prover/script(_:title:conditions:assuming:)`` writes it, cut
/// into its obligations.
///
/// Only the commands that a proof is made of are read. The text comes from a file, and SMT-LIB has
/// commands that write files or change what a solver does.
package struct ProofFile: Sendable {
  /// One question: everything between two `(reset)`s.
  package struct Obligation: Hashable, Sendable {
    /// From the comment before it; nil without one.
    package var name: String?
    /// The line of its `(check-sat)`, from 1.
    package var line: Int
    /// What to assert, as text; the question itself is left out.
    package var text: String
  }

  /// Why a text is not a proof.
  package struct Unreadable: Error, Hashable, Sendable {
    package var line: Int
    package var reason: String

    package init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  package private(set) var obligations: [Obligation] = []

  private static let asserting: Set<String> = [
    "assert", "declare-const", "declare-fun", "define-fun", "set-logic",
  ]

  package init(_ text: String) throws(Unreadable) {
    var reader = CommandReader(text)
    var section = ""
    var name: String?
    var isAsked = false
    while let command = try reader.next() {
      switch command.head {
      case "reset":
        section = ""
        name = command.comment
        isAsked = false
      case "check-sat":
        guard !isAsked else {
          throw Unreadable(line: command.line, reason: "a second (check-sat) without a (reset)")
        }
        isAsked = true
        obligations.append(Obligation(name: name, line: command.line, text: section))
      case "set-info", "exit": continue
      case let head where Self.asserting.contains(head):
        guard !isAsked else {
          throw Unreadable(line: command.line, reason: "'\(head)' behind a (check-sat)")
        }
        section += command.text + "\n"
      case let head:
        throw Unreadable(line: command.line, reason: "'\(head)' is not part of a proof")
      }
    }
    guard !obligations.isEmpty else {
      throw Unreadable(line: 1, reason: "there is no (check-sat) in it")
    }
  }
}

/// Splits a text into its commands at the outermost parentheses.
private struct CommandReader {
  struct Command {
    /// The word behind its parenthesis.
    var head: String
    var text: String
    var line: Int
    /// The line of comment just before it.
    var comment: String?
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ text: String) { bytes = Array(text.utf8) }

  private static let lineBreak = UInt8(ascii: "\n")

  mutating func next() throws(ProofFile.Unreadable) -> Command? {
    var comment: String?
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: ";"): comment = self.comment()
      case UInt8(ascii: "("): return try command(comment)
      case Self.lineBreak:
        line += 1
        position += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      default:
        throw ProofFile.Unreadable(line: line, reason: "a command must begin with '('")
      }
    }
    return nil
  }

  private mutating func comment() -> String {
    let start = position + 1
    while position < bytes.count, bytes[position] != Self.lineBreak { position += 1 }
    let text = bytes[start..<position].drop { $0 == UInt8(ascii: " ") }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func command(
    _ comment: String?
  ) throws(ProofFile.Unreadable) -> Command {
    let (start, firstLine) = (position, line)
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "|"): try skipQuoted()
      case UInt8(ascii: ";"):
        _ = self.comment()
        continue
      case Self.lineBreak: line += 1
      default: break
      }
      position += 1
      if depth == 0 {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return Command(head: head(of: text), text: text, line: firstLine, comment: comment)
      }
    }
    throw ProofFile.Unreadable(line: firstLine, reason: "a '(' is never closed")
  }

  /// Stops at the closing quotation mark.
  private mutating func skipQuoted() throws(ProofFile.Unreadable) {
    let (mark, firstLine) = (bytes[position], line)
    position += 1
    while position < bytes.count, bytes[position] != mark {
      if bytes[position] == Self.lineBreak { line += 1 }
      position += 1
    }
    guard position < bytes.count else {
      throw ProofFile.Unreadable(line: firstLine, reason: "a quotation is never closed")
    }
  }

  private func head(of text: String) -> String {
    let word = text.dropFirst().drop { $0.isWhitespace }.prefix {
      !$0.isWhitespace && $0 != "(" && $0 != ")"
    }
    return String(word)
  }
}
