import LingerDiagnostics
import LingerModel

/// The numbered slots of one transition, property or helper.
final class Frame {
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

/// What checking an expression found out about it besides its type.
struct Effects {
  /// Parameters that shaped the result, in order of first use.
  var parametersRead: [Int] = []
  /// Whether parameters shaped the result, through types and constants too.
  var isParametric = false
  /// Where a variable or timer of another instance is read.
  var peerState: Span?
  /// Where a ghost variable is read.
  var ghost: Span?
  /// Where the network is observed in the form for properties.
  var network: Span?
  /// Where the time since a timer's start is compared.
  var elapsed: Span?

  mutating func merge(_ other: Effects) {
    for index in other.parametersRead where !parametersRead.contains(index) {
      parametersRead.append(index)
    }
    isParametric = isParametric || other.isParametric
    peerState = peerState ?? other.peerState
    ghost = ghost ?? other.ghost
    network = network ?? other.network
    elapsed = elapsed ?? other.elapsed
  }
}

/// What a value is needed for: how messages name it, and what storing it means.
struct ValueUse {
  /// `'sndNxt'`, `argument 'ack'`.
  var what: String
  var declaredAt: Span
  /// A store checks the range when the protocol runs; elsewhere the expression must.
  var isStored: Bool
  /// The value must be in range before the protocol runs, whatever parameters say.
  var isInitial: Bool
  /// Whether the type that is needed depends on parameters.
  var isParametric: Bool

  init(
    _ what: String,
    _ declaredAt: Span,
    isStored: Bool = true,
    isInitial: Bool = false,
    isParametric: Bool = false
  ) {
    self.what = what
    self.declaredAt = declaredAt
    self.isStored = isStored
    self.isInitial = isInitial
    self.isParametric = isParametric
  }

  var declarationNote: [Diagnostic.Note] {
    declaredAt.isSomewhere ? [Diagnostic.Note("\(what) is declared here", at: declaredAt)] : []
  }
}
