import LingerDiagnostics
import LingerSyntax

/// Names that other languages have for what is written otherwise here.
enum ForeignNames {
  /// Values, and what stands for them.
  static let values: [String: String] = [
    "null": "nil", "NULL": "nil", "Null": "nil", "None": "nil", "Nil": "nil", "NIL": "nil",
    "undefined": "nil", "TRUE": "true", "True": "true", "FALSE": "false", "False": "false",
    "this": "self", "Self": "self", "me": "self",
  ]

  /// Members of collections, and what stands for them.
  static let members: [String: String] = [
    "size": "count", "length": "count", "len": "count", "cardinality": "count",
    "empty": "isEmpty", "is_empty": "isEmpty", "full": "isFull", "is_full": "isFull",
    "head": "first", "front": "first", "peek": "first",
    "includes": "contains", "has": "contains", "member": "contains",
  ]

  /// Functions, and the way to say what they compute.
  static func advice(for function: String) -> String? {
    switch function {
    case "max": "write 'a > b ? a : b', or a helper of that"
    case "min": "write 'a < b ? a : b', or a helper of that"
    case "abs": "write 'a < 0 ? -a : a', or a helper of that"
    case "len", "Len", "length", "size", "Cardinality": "ask the collection: 'name.count'"
    case "empty", "isEmpty": "ask the collection: 'name.isEmpty'"
    case "full", "isFull": "ask the queue: 'name.isFull'"
    case "Head", "head": "ask the queue: 'name.first', which may be nil"
    case "forall", "all": "the form is 'for all x in D: condition'"
    case "exists", "any": "the form is 'exists x in D: condition'"
    case "print", "printf", "println": "nothing is printed: traces show every value"
    default: nil
    }
  }
}
