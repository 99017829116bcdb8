(* The model's tensors, with their digests checked, and the matrices that a specification names. *)

exception Error of string

let error text = raise (Error text)

let binary32 x = Int32.float_of_bits (Int32.bits_of_float x)

(* Every operation rounded to binary32, sums from 0 and left to right, as "binary32-left-to-right/v1" says.
   (A double operation on floats, rounded to float, is the float operation: Figueroa 1995.) *)
let ( +: ) a b = binary32 (a +. b)
let ( -: ) a b = binary32 (a -. b)
let ( *: ) a b = binary32 (a *. b)
let ( /: ) a b = binary32 (a /. b)

let spectral n a u v =
  let sigma = ref 0. in
  for i = 0 to n - 1 do
    let product = ref 0. in
    for j = 0 to n - 1 do
      product := !product +: (a.((i * n) + j) *: v.(j))
    done;
    sigma := !sigma +: (u.(i) *: !product)
  done;
  Array.map (fun x -> x /: !sigma) a

let symmetric n a identity =
  let epsilon = binary32 1e-5 in
  Array.init (n * n) (fun k ->
      let i = k / n and j = k mod n in
      let square = ref 0. in
      for l = 0 to n - 1 do
        square := !square +: (a.((l * n) + i) *: a.((l * n) + j))
      done;
      (identity.(k) -: !square) -: (epsilon *: identity.(k)))

let matsuoka n a identity =
  let w = symmetric n a identity in
  Array.init (n * n) (fun k ->
      let i = k / n and j = k mod n in
      (w.(k) +: a.(k)) -: a.((j * n) + i))

type t = {
  tensors : (string * Safetensors.tensor) list;
  rebuilt : (string * float array) list;
}

let find model name =
  match List.assoc_opt name model with Some t -> t | None -> error ("no tensor " ^ name)

(* [bound]: model.tensors of the document. *)
let load path document =
  let file = Safetensors.read path in
  let part = "model" in
  Json.exactly part [ "tensors"; "reconstructions" ] document;
  let tensors =
    List.mapi (fun i entry ->
        let field = Printf.sprintf "model.tensors[%d]" i in
        Json.exactly field [ "name"; "dtype"; "shape"; "sha256" ] entry;
        let name = Json.text field (Json.get field "name" entry) in
        let t = find file name in
        if Json.text field (Json.get field "dtype" entry) <> t.dtype then error (field ^ ".dtype: another one");
        if List.map (Json.integer field) (Json.list field (Json.get field "shape" entry)) <> t.shape then
          error (field ^ ".shape: another one");
        if Json.text field (Json.get field "sha256" entry) <> Sha256.hex t.bytes then
          error (field ^ ".sha256: the tensor is another one");
        (name, t))
      (Json.list part (Json.get part "tensors" document))
  in
  let rebuild i entry =
    let field = Printf.sprintf "model.reconstructions[%d]" i in
    Json.exactly field [ "tensor"; "definition"; "pieces" ] entry;
    let pieces = List.map (Json.text field) (Json.list field (Json.get field "pieces" entry)) in
    let arrays = List.map (fun name -> Array.of_list (Safetensors.floats (find tensors name))) pieces in
    List.iter (fun name -> if (find tensors name).dtype <> "float32" then error (field ^ ": not float32")) pieces;
    let n = match pieces with
      | name :: _ -> (match (find tensors name).shape with [ n; m ] when n = m -> n | _ -> error (field ^ ": shape"))
      | [] -> error (field ^ ": no pieces") in
    let sized size a = if Array.length a <> size then error (field ^ ": shape") in
    let values =
      match (Json.text field (Json.get field "definition" entry), arrays) with
      | "binary32-left-to-right/v1: spectral-norm", [ a; u; v ] -> sized n u; sized n v; spectral n a u v
      | "binary32-left-to-right/v1: symmetric", [ a; id ] -> sized (n * n) id; symmetric n a id
      | "binary32-left-to-right/v1: matsuoka", [ a; id ] -> sized (n * n) id; matsuoka n a id
      | other, _ -> error (field ^ ".definition: " ^ other)
    in
    (Json.text field (Json.get field "tensor" entry), values)
  in
  { tensors; rebuilt = List.mapi rebuild (Json.list part (Json.get part "reconstructions" document)) }

let table n values =
  let values = Array.map Exact.of_float values in
  List.init n (fun i -> List.init n (fun j -> values.((i * n) + j)))

(* A dense matrix, stored or rebuilt. *)
let square model name =
  match List.assoc_opt name model.rebuilt with
  | Some values -> (int_of_float (sqrt (float_of_int (Array.length values))), values)
  | None ->
    let t = find model.tensors name in
    (match t.shape with
     | [ n; m ] when n = m -> (n, Array.of_list (Safetensors.floats t))
     | _ -> error (name ^ ": not square"))

let matrix model field source units =
  let text name = Json.text field (Json.get field name source) in
  let texts name = List.map (Json.text field) (Json.list field (Json.get field name source)) in
  let sized n = if n <> units then error (field ^ ": another number of units") in
  let exactly names = Json.exactly field ("kind" :: names) source in
  match text "kind" with
  | "dense" ->
    exactly [ "tensor" ];
    let n, values = square model (text "tensor") in
    sized n;
    table n values
  | "compressed-rows" ->
    exactly [ "indptr"; "indices"; "values" ];
    let integers name = Array.of_list (Safetensors.integers (find model.tensors name)) in
    let pointers = integers (text "indptr") and columns = integers (text "indices") in
    let values = Array.of_list (Safetensors.floats (find model.tensors (text "values"))) in
    let entries = Array.length values in
    if Array.length pointers <> units + 1 || Array.length columns <> entries
       || pointers.(0) <> 0 || pointers.(units) <> entries
    then error (field ^ ": no compressed rows");
    List.init units (fun i ->
        let row = Array.make units Exact.zero in
        let last = ref (-1) in
        if pointers.(i + 1) < pointers.(i) then error (field ^ ": no compressed rows");
        for k = pointers.(i) to pointers.(i + 1) - 1 do
          let j = columns.(k) in
          if j <= !last || j >= units then error (field ^ ": no compressed rows");
          last := j;
          row.(j) <- Exact.of_float values.(k)
        done;
        Array.to_list row)
  | "layers" ->
    exactly [ "hidden"; "input" ];
    (* Layer k drives layer k + 1. *)
    let hidden = List.map (square model) (texts "hidden") and input = List.map (square model) (texts "input") in
    let n = fst (List.hd hidden) and layers = List.length hidden in
    if List.exists (fun (m, _) -> m <> n) (hidden @ input) || List.length input <> layers - 1 then
      error (field ^ ": layers of different sizes");
    sized (n * layers);
    let hidden = Array.of_list hidden and input = Array.of_list input in
    List.init (n * layers) (fun i ->
        List.init (n * layers) (fun j ->
            let a = i / n and b = j / n in
            let at values = Exact.of_float values.(((i mod n) * n) + (j mod n)) in
            if a = b then at (snd hidden.(a)) else if a = b + 1 then at (snd input.(b)) else Exact.zero))
  | kind -> error (field ^ ".kind: " ^ kind)
