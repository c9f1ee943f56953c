/// The header of a saved proof: what it proves, what was asked, how many obligations it has, and
/// the digest of all of it.
///
/// The obligations of a proof are a proof only together: without this, one could be left out, or
/// the title changed, and what is left would still be all unsat.
package enum ProofSeal {
  private static let firstLine = "; linger-proof 1"
  private static let askedPrefix = "; asked: "
  private static let countPrefix = "; obligations: "
  private static let digestPrefix = "; sha256: "
  /// The lines of a header, the digest being the last of them.
  private static let headerCount = 6

  /// A proof of a text, which has passed the check of its header.
  package struct Proof: Sendable {
    /// What was asked, in the words of whoever asked; nil where that was not told.
    package let asked: String?
    /// The number of its first line.
    package let line: Int
    /// Without blank lines at the end.
    package let lines: [Substring]
  }

  /// A proof with its header.
  static func sealed(
    title: String,
    under: String,
    asked: String?,
    count: Int,
    body: String
  ) -> String {
    let opening = """
      \(firstLine)
      ; \(title)
      ; under: \(under)
      \(askedPrefix)\(asked ?? "")
      \(countPrefix)\(count)
      """
    let rest =
      "; An inductive invariant by its obligations: every (check-sat) must answer unsat.\n\n"
      + body
    let all = (opening + "\n" + rest).split(separator: "\n", omittingEmptySubsequences: false)
    return "\(opening)\n\(digestPrefix)\(digest(of: all).text)\n\(rest)"
  }

  /// The proofs of a text, one behind the other.
  ///
  /// - Throws: where anything is other than it was written.
  package static func proofs(in text: String) throws(ProofFile.Unreadable) -> [Proof] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let starts = lines.indices.filter { lines[$0] == firstLine }
    guard starts.first == 0 else {
      throw ProofFile.Unreadable(
        line: 1,
        reason: "it is not a proof that Linger wrote: its first line is not '\(firstLine)'"
      )
    }
    var proofs: [Proof] = []
    for (start, end) in zip(starts, starts.dropFirst() + [lines.count]) {
      proofs.append(try proof(Array(lines[start..<end]), from: start + 1))
    }
    return proofs
  }

  /// Checks one proof, whose first line has the number `line`.
  private static func proof(
    _ lines: [Substring],
    from line: Int
  ) throws(ProofFile.Unreadable) -> Proof {
    guard lines.count > headerCount, lines[3].hasPrefix(askedPrefix),
      lines[4].hasPrefix(countPrefix), lines[5].hasPrefix(digestPrefix)
    else { throw ProofFile.Unreadable(line: line, reason: "the header of the proof is damaged") }
    let written = lines[5].dropFirst(digestPrefix.count)
    guard digest(of: Array(lines[..<5] + lines[6...])).text == written else {
      throw ProofFile.Unreadable(
        line: line,
        reason: "the proof was changed or cut off after it was written: its SHA-256 is another"
      )
    }
    let obligations = try ProofFile(lines.joined(separator: "\n")).obligations.count
    guard lines[4].dropFirst(countPrefix.count) == "\(obligations)" else {
      throw ProofFile.Unreadable(
        line: line + 4,
        reason: "the header counts other than the \(obligations) obligations that there are"
      )
    }
    let asked = lines[3].dropFirst(askedPrefix.count)
    return Proof(
      asked: asked.isEmpty ? nil : String(asked),
      line: line,
      lines: Array(withoutBlankEnd(lines))
    )
  }

  /// The lines of one proof as ``Proof/lines`` has them.
  package static func lines(of text: String) -> [Substring] {
    Array(withoutBlankEnd(text.split(separator: "\n", omittingEmptySubsequences: false)))
  }

  private static func withoutBlankEnd(_ lines: [Substring]) -> ArraySlice<Substring> {
    lines[..<(lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0)]
  }

  /// Of the lines without the digest's own, and without blank ones at the end.
  private static func digest(of lines: [Substring]) -> Digest {
    Digest(Array(withoutBlankEnd(lines).joined(separator: "\n").utf8))
  }
}
