import LingerDiagnostics
import LingerModel

/// The numbered slots of one transition, property or helper.
final class LocalSlots {
  private(set) var names: [String] = []

  /// A slot of its own; `name` is empty where no source name stands for it.
  func allocate(_ name: String) -> Int {
    names.append(name)
    return names.count - 1
  }
}

/// A name bound inside a body or an expression.
struct LocalBinding {
  var name: String
  var slot: Int
  /// Nil where its declaration is wrong; using it stays silent.
  var type: ModelType?
  var isParametric: Bool
  var span: Span
  /// What it is, for messages: `the received message`, `a constant`.
  var what: String
  /// Whether using it is an error: a message whose type the context leaves open.
  var isOpaque = false
}
