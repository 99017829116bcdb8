/// The element types that are read, all exactly representable as `Double` or `Int64`/`UInt64`.
///
/// Complex, quantised, 8-bit floating and object types are refused with
/// ``CheckpointError/Code/dtypeUnsupported``.
public enum DType: String, Sendable, Hashable, CaseIterable {
  case f64 = "float64"
  case f32 = "float32"
  case f16 = "float16"
  case bf16 = "bfloat16"
  case i64 = "int64"
  case i32 = "int32"
  case i16 = "int16"
  case i8 = "int8"
  case u64 = "uint64"
  case u32 = "uint32"
  case u16 = "uint16"
  case u8 = "uint8"
  case bool = "bool"

  /// Bytes per element: 1, 2, 4 or 8.
  public var size: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// Whether the type is a floating-point type.
  public var isFloatingPoint: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: false
    }
  }

  /// The name in a safetensors header.
  var safetensorsName: String {
    switch self {
    case .f64: "F64"
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    case .i64: "I64"
    case .i32: "I32"
    case .i16: "I16"
    case .i8: "I8"
    case .u64: "U64"
    case .u32: "U32"
    case .u16: "U16"
    case .u8: "U8"
    case .bool: "BOOL"
    }
  }

  /// The type with this name in a safetensors header.
  init?(safetensorsName name: String) {
    for type in Self.allCases where type.safetensorsName == name {
      self = type
      return
    }
    return nil
  }
}
