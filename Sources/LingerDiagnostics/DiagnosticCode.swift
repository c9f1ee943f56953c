/// A stable name for one kind of diagnostic: `L0203`. A code never changes its meaning.
///
/// L00xx lexing, L01xx parsing, L02xx names, L03xx types, L04xx structure of a protocol
/// (roles, networks, properties), L05xx limits, L06xx files and options, L09xx internal; A01xx what
/// the audit finds, A02xx what it warns of.
/// Each area lists its codes in a file of its own, `DiagnosticCode+Area.swift`.
package struct DiagnosticCode: Hashable, Sendable {
  /// The code as printed.
  package let name: String
  /// What is wrong, in half a sentence; the heading of `linger explain`.
  package let summary: String
  /// The long form: why it is an error, an example, the way out. Plain text, wrapped at 80.
  package let explanation: String

  package init(_ name: String, _ summary: String, _ explanation: String) {
    self.name = name
    self.summary = summary
    self.explanation = explanation
  }

  package static func == (left: DiagnosticCode, right: DiagnosticCode) -> Bool {
    left.name == right.name
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// Every code, in order of its name.
  package static let all: [DiagnosticCode] =
    audit + lexing + parsing + naming + typing + structure + limits + files

  /// The code of a name such as `L0203`, in any case.
  package static func named(_ name: String) -> DiagnosticCode? {
    let wanted = name.uppercased()
    return all.first { $0.name == wanted }
  }
}
