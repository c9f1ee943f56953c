internal import CZ3
import LingerModel

extension Term {
  /// How the term is built.
  package func shape() throws(Z3Error) -> TermShape { try reference.shape() }

  /// The unknowns in the term, each once, in the order of a reader's first meeting.
  package func freeConstants() throws(Z3Error) -> [AnyTerm] {
    var pending = [erased]
    var seen: Set<TermReference> = [reference]
    var found: [AnyTerm] = []
    while let term = pending.popLast() {
      let children: [AnyTerm]
      switch try term.reference.shape() {
      case .constant:
        found.append(term)
        continue
      case .truth, .number, .boundVariable: continue
      case .operation(_, let arguments), .application(_, let arguments): children = arguments
      case .quantified(_, _, let body): children = [body.erased]
      }
      // Reversed, so that the leftmost comes off the stack first.
      for child in children.reversed() where seen.insert(child.reference).inserted {
        pending.append(child)
      }
    }
    return found
  }
}

extension AnyTerm {
  /// How the term is built.
  package func shape() throws(Z3Error) -> TermShape { try reference.shape() }
}

extension TermReference {
  func shape() throws(Z3Error) -> TermShape {
    switch unsafe try call({ unsafe Z3_get_ast_kind($0, pointer) }) {
    case Z3_NUMERAL_AST: return .number(try number())
    case Z3_VAR_AST:
      return .boundVariable(Int(unsafe try call { unsafe Z3_get_index_value($0, pointer) }))
    case Z3_QUANTIFIER_AST: return try quantified()
    case Z3_APP_AST: return try application()
    default: throw .unsupportedSort(try text())
    }
  }

  /// The value of a numeral.
  func number() throws(Z3Error) -> Rational {
    guard unsafe try call({ unsafe Z3_is_numeral_ast($0, pointer) }) else {
      throw .irrational(try text())
    }
    let digits = unsafe try context.text("read a number") {
      unsafe Z3_get_numeral_string($0, pointer)
    }
    guard let number = Rational(exactly: digits) else { throw .irrational(digits) }
    return number
  }

  private func application() throws(Z3Error) -> TermShape {
    let application = unsafe try object { unsafe Z3_to_app($0, pointer) }
    let declaration = unsafe try object { unsafe Z3_get_app_decl($0, application) }
    let kind = unsafe try call { unsafe Z3_get_decl_kind($0, declaration) }
    if kind == Z3_OP_TRUE { return .truth(true) }
    if kind == Z3_OP_FALSE { return .truth(false) }
    let count = unsafe try call { unsafe Z3_get_app_num_args($0, application) }
    var arguments: [AnyTerm] = []
    for index in 0..<count {
      let argument = unsafe try object { unsafe Z3_get_app_arg($0, application, index) }
      arguments.append(unsafe try TermReference(argument, in: context).sorted())
    }
    if let operation = Self.operation(kind) { return .operation(operation, arguments) }
    let name = unsafe try context.name(
      of: object { unsafe Z3_get_decl_name($0, declaration) }
    )
    guard kind == Z3_OP_UNINTERPRETED else { return .operation(.other(name), arguments) }
    return arguments.isEmpty ? .constant(name) : .application(name, arguments)
  }

  private func quantified() throws(Z3Error) -> TermShape {
    let isForAll = unsafe try call { unsafe Z3_is_quantifier_forall($0, pointer) }
    let isExists = unsafe try call { unsafe Z3_is_quantifier_exists($0, pointer) }
    guard isForAll || isExists else { throw .unsupportedSort(try text()) }
    var variables: [TermShape.BoundVariable] = []
    for index in 0..<(unsafe try call { unsafe Z3_get_quantifier_num_bound($0, pointer) }) {
      let name = unsafe try object { unsafe Z3_get_quantifier_bound_name($0, pointer, index) }
      let sort = unsafe try object { unsafe Z3_get_quantifier_bound_sort($0, pointer, index) }
      variables.append(unsafe try .init(name: context.name(of: name), sort: context.sort(sort)))
    }
    let body = unsafe try object { unsafe Z3_get_quantifier_body($0, pointer) }
    return .quantified(
      isForAll ? .forAll : .exists,
      variables,
      body: BoolTerm(SortedReference(reference: unsafe TermReference(body, in: context)))
    )
  }

  /// The term as what Z3 says it is.
  func sorted() throws(Z3Error) -> AnyTerm {
    let sort = unsafe try object { unsafe Z3_get_sort($0, pointer) }
    return AnyTerm(self, sort: unsafe try context.sort(sort))
  }

  private static func operation(_ kind: Z3_decl_kind) -> TermShape.Operation? {
    switch kind {
    case Z3_OP_NOT: .not
    case Z3_OP_AND: .and
    case Z3_OP_OR: .or
    case Z3_OP_XOR: .exclusiveOr
    case Z3_OP_IMPLIES: .implies
    case Z3_OP_EQ, Z3_OP_IFF: .equal
    case Z3_OP_DISTINCT: .distinct
    case Z3_OP_ITE: .ifThenElse
    case Z3_OP_LT: .less
    case Z3_OP_LE: .lessOrEqual
    case Z3_OP_GT: .greater
    case Z3_OP_GE: .greaterOrEqual
    case Z3_OP_ADD: .add
    case Z3_OP_SUB: .subtract
    case Z3_OP_UMINUS: .negate
    case Z3_OP_MUL: .multiply
    case Z3_OP_DIV: .divide
    case Z3_OP_TO_REAL: .toReal
    default: nil
    }
  }

  private func call<Result>(_ body: (Z3_context) -> Result) throws(Z3Error) -> Result {
    unsafe try context.call("inspect a term", body)
  }

  private func object(_ body: (Z3_context) -> OpaquePointer?) throws(Z3Error) -> OpaquePointer {
    unsafe try context.make("inspect a term", body)
  }
}

extension SolverContext {
  /// The text of a name; Z3's own numbered names are written as it prints them.
  func name(of symbol: Z3_symbol) throws(Z3Error) -> String {
    let kind = unsafe try call("read a name") { unsafe Z3_get_symbol_kind($0, symbol) }
    guard kind == Z3_INT_SYMBOL else {
      return unsafe try text("read a name") { unsafe Z3_get_symbol_string($0, symbol) }
    }
    return "k!\(unsafe try call("read a name") { unsafe Z3_get_symbol_int($0, symbol) })"
  }
}
