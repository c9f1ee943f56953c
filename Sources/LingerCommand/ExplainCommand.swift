import ArgumentParser
import Linger

/// `linger explain`: the long form of a diagnostic, or of a finding of the audit.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a diagnostic or a finding of the audit by its code, or list all codes."
  )

  @Argument(help: "A code such as L0203 or A0104; all are listed if left out.")
  var code: String?

  func run() throws {
    guard let code else { return try print(Explanation.list) }
    guard let text = Explanation.text(of: code) else {
      let advice = Explanation.nearest(to: code).map { " Did you mean \($0)?" } ?? ""
      throw ValidationError(
        "There is no diagnostic '\(code)'.\(advice) 'linger explain' lists all codes."
      )
    }
    try print(text)
  }

  private func print(_ text: String) throws {
    if !Console.print(text) { throw ExitCode(2) }
  }
}
