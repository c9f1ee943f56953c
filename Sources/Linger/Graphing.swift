import LingerModel
import LingerReport

extension Specification {
  /// A role's state machine as DOT or Mermaid; the first role that has one unless named.
  package func graph(
    role: String?,
    variable: String?,
    isMermaid: Bool,
    hidesLoops: Bool,
    hasColor: Bool
  ) -> CommandResult {
    guard let model else {
      return CommandResult(exitCode: 2, message: diagnosticsText(hasColor: hasColor))
    }
    do throws(StateMachineGraph.Failure) {
      let whole = try StateMachineGraph(of: role, variable: variable, in: model)
      let graph = hidesLoops ? whole.withoutLoops : whole
      return CommandResult(output: isMermaid ? graph.mermaid : graph.dot)
    } catch {
      return CommandResult(exitCode: 64, message: "error: \(error.message)\n")
    }
  }
}
