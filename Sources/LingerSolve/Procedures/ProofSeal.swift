/// The header of a saved proof: what it proves, how many obligations it has, and the digest of all
/// of it.
///
/// The obligations of a proof are a proof only together: without this, one could be left out, or
/// the title changed, and what is left would still be all unsat.
package enum ProofSeal {
  private static let firstLine = "; linger-proof 1"
  private static let countPrefix = "; obligations: "
  private static let digestPrefix = "; sha256: "
  /// The lines of a header, the digest being the last of them.
  private static let headerCount = 5

  /// A proof with its header.
  static func sealed(title: String, under: String, count: Int, body: String) -> String {
    let opening = """
      \(firstLine)
      ; \(title)
      ; under: \(under)
      \(countPrefix)\(count)
      """
    let rest =
      "; An inductive invariant by its obligations: every (check-sat) must answer unsat.\n\n"
      + body
    let all = (opening + "\n" + rest).split(separator: "\n", omittingEmptySubsequences: false)
    return "\(opening)\n\(digestPrefix)\(digest(of: all).text)\n\(rest)"
  }

  /// Refuses a text in which anything is other than it was written; proofs may stand one behind
  /// the other.
  package static func check(_ text: String) throws(ProofFile.Unreadable) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let starts = lines.indices.filter { lines[$0] == firstLine }
    guard starts.first == 0 else {
      throw ProofFile.Unreadable(
        line: 1,
        reason: "it is not a proof that Linger wrote: its first line is not '\(firstLine)'"
      )
    }
    for (start, end) in zip(starts, starts.dropFirst() + [lines.count]) {
      try check(Array(lines[start..<end]), from: start + 1)
    }
  }

  /// Checks one proof, whose first line has the number `line`.
  private static func check(_ lines: [Substring], from line: Int) throws(ProofFile.Unreadable) {
    guard lines.count > headerCount, lines[3].hasPrefix(countPrefix),
      lines[4].hasPrefix(digestPrefix)
    else { throw ProofFile.Unreadable(line: line, reason: "the header of the proof is damaged") }
    let written = lines[4].dropFirst(digestPrefix.count)
    guard digest(of: Array(lines[..<4] + lines[5...])).text == written else {
      throw ProofFile.Unreadable(
        line: line,
        reason: "the proof was changed or cut off after it was written: its SHA-256 is another"
      )
    }
    let obligations = try ProofFile(lines.joined(separator: "\n")).obligations.count
    guard lines[3].dropFirst(countPrefix.count) == "\(obligations)" else {
      throw ProofFile.Unreadable(
        line: line + 3,
        reason: "the header counts other than the \(obligations) obligations that there are"
      )
    }
  }

  /// Of the lines without the digest's own, and without blank ones at the end.
  private static func digest(of lines: [Substring]) -> Digest {
    let end = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
    return Digest(Array(lines[..<end].joined(separator: "\n").utf8))
  }
}
