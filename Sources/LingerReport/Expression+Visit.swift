import LingerModel

extension Expression {
  /// Calls `body` with this expression and every one inside it, outside in.
  func visit(_ body: (Expression) -> Void) {
    body(self)
    for child in children { child.visit(body) }
  }
}
