/// The only names a pickle may mention, matched as exact strings and never resolved.
///
/// Any other name is refused when it is *seen*, called or not.
enum AllowedGlobal: Sendable, Hashable {
  /// `collections OrderedDict`
  case orderedDictionary
  /// `torch Size`
  case size
  /// `torch._utils _rebuild_tensor_v2`
  case rebuildTensorV2
  /// `torch._utils _rebuild_tensor_v3`: element types without a storage class of their own.
  case rebuildTensorV3
  /// `torch._utils _rebuild_parameter`
  case rebuildParameter
  /// `torch FloatStorage` and its like.
  case storage(DType)
  /// `torch.storage UntypedStorage`, counted in bytes; only for `_rebuild_tensor_v3`.
  case untypedStorage
  /// `torch uint16`, `uint32`, `uint64`; only for `_rebuild_tensor_v3`.
  case elementType(DType)

  /// - Throws: `.unsafeGlobal`, or `.dtypeUnsupported` for element types that are known to torch.
  init(module: String, name: String) throws(CheckpointError) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch", "Size"): self = .size
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensorV2
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorV3
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "DoubleStorage"): self = .storage(.f64)
    case ("torch", "FloatStorage"): self = .storage(.f32)
    case ("torch", "HalfStorage"): self = .storage(.f16)
    case ("torch", "BFloat16Storage"): self = .storage(.bf16)
    case ("torch", "LongStorage"): self = .storage(.i64)
    case ("torch", "IntStorage"): self = .storage(.i32)
    case ("torch", "ShortStorage"): self = .storage(.i16)
    case ("torch", "CharStorage"): self = .storage(.i8)
    case ("torch", "ByteStorage"): self = .storage(.u8)
    case ("torch", "BoolStorage"): self = .storage(.bool)
    case ("torch.storage", "UntypedStorage"): self = .untypedStorage
    case ("torch", "uint16"): self = .elementType(.u16)
    case ("torch", "uint32"): self = .elementType(.u32)
    case ("torch", "uint64"): self = .elementType(.u64)
    default: throw Self.refusal(module: module, name: name)
    }
  }

  /// The refusal of a name, with what to do where that is known.
  private static func refusal(module: String, name: String) -> CheckpointError {
    let full = module + "." + name
    let known = ["float8", "float4", "complex", "qint", "quint", "bits", "chalf"]
    if module == "torch" && (name.hasSuffix("Storage") || known.contains { name.hasPrefix($0) }) {
      return CheckpointError(
        .dtypeUnsupported, full,
        "tensors of this type (complex, quantised, 8-bit) are not read; save them as float32")
    }
    return CheckpointError(
      .unsafeGlobal, full,
      "the pickle names this object, and nothing is imported; "
        + advice(module: module, name: name))
  }

  private static func advice(module: String, name: String) -> String {
    if module.hasPrefix("numpy") || module == "_codecs" {
      return "convert numpy values with .item() or torch.from_numpy before saving"
    }
    if name.hasPrefix("_rebuild_sparse") { return "save tensor.to_dense()" }
    if name.hasPrefix("_rebuild_meta") { return "a meta tensor has no data: load the model first" }
    if name.hasPrefix("_rebuild_qtensor") { return "save tensor.dequantize()" }
    if name == "_rebuild_from_type_v2" { return "save tensor.as_subclass(torch.Tensor)" }
    if module.hasPrefix("torch.nn") || module == "__main__" {
      return "save model.state_dict(), not the model"
    }
    if module.contains("lightning") || name == "AttributeDict" {
      return "save only checkpoint[\"state_dict\"], without hyper-parameters and callbacks"
    }
    if module.hasPrefix("torch") {
      return "save a dictionary that holds tensors, numbers and text only"
    }
    return "do not load this file with torch.load; ask its author for model.state_dict()"
  }
}
