(** Proofs of any depth: an assembly is proved from proofs of its components, each a network of its own (Swift:
    [Assembly], [BlockComparison]). What a helper says is looked at. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI Executable
  ExecutableRestriction ExecutableGauges ExecutableAssembly ExecutableJoin.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Bounds stand beside the proofs of components. *)
Inductive tree := Leaf of rule | Node of assembly & seq (quotient * tree).

Record helpers := Helpers {
  propose : proposer; root : quotient -> quotient;
  gather : gatherer;                                    (* one denominator for quotients *)
  roots_up : seq quotient -> vector;                    (* a little above the roots *)
  tabulate : seq (seq quotient) -> matrix;              (* one denominator for a table *)
  join : assembly -> seq quotient -> seq gauge -> gauge (* from components and scales *) }.

Section Programs.
Variable help : helpers.

Definition root_up q := let r := roots_up help [:: q] in entry r 0.

Definition dimensions (v : vector) := map (entry v) (iota 0 (size (coordinates v))).

(** Roots of the bounds on the metrics. *)
Definition ups gs := map (fun g => roots_up help (dimensions (highest g))) gs.
Definition downs gs := map (fun g => roots_up help (map qinv (dimensions (lowest g)))) gs.
Definition floors gs := map (fun g => roots_up help (map qinv (dimensions (floor g)))) gs.

Definition pair_table a (f : nat -> nat -> quotient) :=
  let p := size (parts a) in
  tabulate help (map (fun i => map (fun j => f i j) (iota 0 p)) (iota 0 p)).

Definition size_of a i := size (part_ (parts a) i).

(** A norm that is claimed, if it is below. *)
Definition claimed (claims : seq (nat * nat * quotient)) i j q :=
  foldr (fun c q => if (c.1.1 == i) && (c.1.2 == j) && qlt c.2 q then c.2 else q) q claims.

Definition gains_proposed a gs B claims :=
  let u := ups gs in let d := downs gs in
  pair_table a (fun i j => if i == j then q0 else claimed claims i j (
    root_up (schur (size_of a i) (size_of a j) (between_parts a B i j) (up_ u i) (down_ d j)))).

Definition residuals_proposed a gs C :=
  let f := floors gs in
  pair_table a (fun i j => if i == j then q0 else let '(i, j) := if (i < j)%N then (i, j) else (j, i) in
    claimed (residuals_claimed a) i j
      (root_up (schur (size_of a i) (size_of a j) (mabs (residual_block a gs C i j)) (floor_ f i) (floor_ f j)))).

Definition thetas a := map (theta a) (iota 0 (size (parts a))).

(** Nothing if the proof fails; the gauge counts if it is wanted. *)
Fixpoint judge_flow fuel wanted N paces t lam : option gauge :=
  if ~~ (sensible N && qlt q0 lam) then None else
  match t, fuel with
  | Leaf r, _ => if ~~ holds (propose help) (root help) N Continuous paces r lam then None else
    if wanted then flow_gauge (propose help) (gather help) N r lam else Some no_gauge
  | Node _ _, 0%N => None
  | Node a children, fuel'.+1 =>
    if ~~ [&& partitions (units N) (parts a), has_paces N paces & size children == size (parts a)] then None else
    let judged := map (fun uc => judge_flow fuel' true (restrict uc.1 N) (vsub_ uc.1 paces) uc.2.2 uc.2.1)
      (zip (parts a) children) in
    if ~~ all isSome judged then None else
    let gs := map (odflt no_gauge) judged in
    let r := residuals_proposed a gs (linear_part N paces) in
    let k := gains_proposed a gs (slope_part N paces) (gains_claimed a) in
    if ~~ assembly_rate (propose help) N a paces gs (map fst children) (ups gs) (downs gs) (floors gs) r k lam
      then None else
    if ~~ wanted then Some no_gauge else
    let J := join help a (thetas a) gs in if joins N a gs J then Some J else None
  end.

Fixpoint judge_run fuel wanted N steps t rho : option gauge :=
  if ~~ [&& sensible N, has_steps N steps, qle q0 rho & qlt rho q1] then None else
  match t, fuel with
  | Leaf r, _ => if ~~ holds (propose help) (root help) N AsRun steps r rho then None else
    if wanted then run_gauge (propose help) (gather help) N steps r rho else Some no_gauge
  | Node _ _, 0%N => None
  | Node a children, fuel'.+1 =>
    if ~~ (partitions (units N) (parts a) && (size children == size (parts a))) then None else
    let judged := map (fun uc => judge_run fuel' true (restrict uc.1 N) (vsub_ uc.1 steps) uc.2.2 uc.2.1)
      (zip (parts a) children) in
    if ~~ all isSome judged then None else
    let gs := map (odflt no_gauge) judged in
    let k := gains_proposed a gs (map_bound N steps) [::] in
    if ~~ assembly_factor N a steps gs (map fst children) (ups gs) (downs gs) k rho then None else
    if ~~ wanted then Some no_gauge else
    let J := join help a (thetas a) gs in if joins_bounds a gs J then Some J else None
  end.

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).

Definition first_unit N (ok : sensible N) : 'I_(units N) := Ordinal (proj1 (andP ok)).

Lemma odflt_nth gs i : all isSome gs -> (i < size gs)%N ->
  nth None gs i = Some (nth no_gauge (map (odflt no_gauge) gs) i).
Proof.
move=> /(all_nthP None) h ig; rewrite (nth_map None) //; have := h _ ig.
by case: (nth None gs i).
Qed.

(** Where every part was judged, so was part [i], and with the gauge that stands there. *)
Lemma each_judged (T : Type) (judge : seq nat * T -> option gauge) ps cs (c0 : T) i :
  size ps = size cs -> all isSome (map judge (zip ps cs)) -> (i < size ps)%N ->
  judge (nth [::] ps i, nth c0 cs i)
    = Some (nth no_gauge (map (odflt no_gauge) (map judge (zip ps cs))) i).
Proof.
move=> sizes good ip; have iz : (i < size (zip ps cs))%N by rewrite size_zip -sizes minnn.
have := odflt_nth good; rewrite size_map => /(_ i iz) <-.
by rewrite (nth_map ([::], c0)) // nth_zip.
Qed.

Lemma leaf_flow wanted N paces r lam G : sensible N -> qlt q0 lam ->
  (if ~~ holds (propose help) (root help) N Continuous paces r lam then None else
    if wanted then flow_gauge (propose help) (gather help) N r lam else Some no_gauge) = Some G ->
  exists2 M : 'M[R]_(units N), flow_by R N M lam & (wanted -> gauges G M).
Proof.
move=> ok l0; case: (boolP (holds _ _ _ _ _ _ _)) => //= h; case: wanted => [g|_].
  have [M c gM] := flow_gaugeP R ok l0 h g; exists M => //; split=> //; exact: qr_positive.
by have [M c] := holds_flow R ok l0 h; exists M.
Qed.

Theorem judge_flowP fuel wanted N paces t lam G : judge_flow fuel wanted N paces t lam = Some G ->
  exists2 M : 'M[R]_(units N), flow_by R N M lam & (wanted -> gauges G M).
Proof.
elim: fuel wanted N paces t lam G => [|fuel IH] wanted N paces t lam G /=.
  case: (boolP (_ && _)) => //= /andP[ok l0]; case: t => [r|a children] //; exact: leaf_flow.
case: (boolP (_ && _)) => //= /andP[ok l0]; case: t => [r|a children]; first exact: leaf_flow.
case: (boolP (partitions _ _ && _)) => //= /and3P[whole hp /eqP sizes].
set judged := map _ _; case: (boolP (all isSome judged)) => //= good.
set gs := map _ judged; case: (boolP (assembly_rate _ _ _ _ _ _ _ _ _ _ _ _)) => //= rate result.
have n0 := first_unit ok.
have each (i : 'I_(size (parts a))) : exists M : 'M[R]_(size_ i),
    flow_by R (restrict (part_ (parts a) i) N) M (nth q0 (map fst children) i) /\ gauges (nth no_gauge gs i) M.
  have /= /IH[M c g] := each_judged (q0, Leaf Symmetric) (esym sizes) good (ltn_ord i).
  by exists M; split; [rewrite (nth_map (q0, Leaf Symmetric)) // sizes | exact: g].
have [M both] := fin_all_exists each.
exists (blocks (@unit_ _ n0 (parts a)) M (rv R _ (columns a)) (rv R _ (rows a))); last first.
  move=> w; move: result; rewrite w /=; case: (boolP (joins _ _ _ _)) => // j [<-].
  have /and5P[/(@weightsP R) v0 /(@weightsP R) w0 _ _ _] := rate.
  by apply: (joined_gauges whole n0 v0 w0 _ j) => i; have [] := both i.
split; first exact: qr_positive.
apply: assembly_rateP rate => //.
- by move=> i; have [_ []] := both i.
- by move=> i; have [] := both i.
- exact: pacesP.
by move=> i; have [[]] := both i.
Qed.

Lemma leaf_run wanted N steps r rho G : sensible N -> has_steps N steps -> qle q0 rho -> qlt rho q1 ->
  (if ~~ holds (propose help) (root help) N AsRun steps r rho then None else
    if wanted then run_gauge (propose help) (gather help) N steps r rho else Some no_gauge) = Some G ->
  exists2 M : 'M[R]_(units N), run_by R N M rho & (wanted -> bounded (lowest G) (highest G) M).
Proof.
move=> ok hs r0 r1; case: (boolP (holds _ _ _ _ _ _ _)) => //= h; case: wanted => [g|_].
  by have [M c gM] := run_gaugeP R ok hs r0 r1 h g; exists M.
by have [M c] := holds_run R ok hs r0 r1 h; exists M.
Qed.

Theorem judge_runP fuel wanted N steps t rho G : judge_run fuel wanted N steps t rho = Some G ->
  exists2 M : 'M[R]_(units N), run_by R N M rho & (wanted -> bounded (lowest G) (highest G) M).
Proof.
elim: fuel wanted N steps t rho G => [|fuel IH] wanted N steps t rho G /=.
  case: (boolP [&& _, _, _ & _]) => //= /and4P[ok hs r0 r1]; case: t => [r|a children] //; exact: leaf_run.
case: (boolP [&& _, _, _ & _]) => //= /and4P[ok hs r0 r1]; case: t => [r|a children]; first exact: leaf_run.
case: (boolP (partitions _ _ && _)) => //= /andP[whole /eqP sizes].
set judged := map _ _; case: (boolP (all isSome judged)) => //= good.
set gs := map _ judged; case: (boolP (assembly_factor _ _ _ _ _ _ _ _ _)) => //= factor result.
have n0 := first_unit ok.
have each (i : 'I_(size (parts a))) : exists M : 'M[R]_(size_ i),
    run_by R (restrict (part_ (parts a) i) N) M (nth q0 (map fst children) i) /\
    bounded (lowest (nth no_gauge gs i)) (highest (nth no_gauge gs i)) M.
  have /= /IH[M c g] := each_judged (q0, Leaf Symmetric) (esym sizes) good (ltn_ord i).
  by exists M; split; [rewrite (nth_map (q0, Leaf Symmetric)) // sizes | exact: g].
have [M both] := fin_all_exists each.
exists (blocks (@unit_ _ n0 (parts a)) M (rv R _ (columns a)) (rv R _ (rows a))); last first.
  move=> w; move: result; rewrite w /=; case: (boolP (joins_bounds _ _ _)) => // j [<-].
  have /and5P[/(@weightsP R) v0 /(@weightsP R) w0 _ _ _] := factor.
  by apply: (joined_bounds whole n0 v0 w0 _ j) => i; have [] := both i.
split; first by rewrite qr_nonneg // -(qr1 R) qr_lt.
by apply: assembly_factorP factor => // i; have [] := both i.
Qed.

End Meaning.
End Programs.

(** ** The judgement of a claim *)

Definition check_tree help fuel N s paces t bound : option reason :=
  if ~~ sensible N then Some NotANetwork else
  match s with
  | Continuous => if ~~ qlt q0 bound then Some NotContracting else
    if judge_flow help fuel false N paces t bound is Some _ then None else Some NotShown
  | AsRun => if ~~ (qle q0 bound && qlt bound q1) then Some NotContracting else
    if ~~ has_steps N paces then Some NotTheseSteps else
    if judge_run help fuel false N paces t bound is Some _ then None else Some NotShown
  end.

Theorem check_tree_sound (R : realFieldType) help fuel N s paces t bound :
  check_tree help fuel N s paces t bound = None -> claim R N s bound.
Proof.
rewrite /check_tree; case: (~~ sensible N) => //; case: s; case: (~~ _) => //.
  by case e: (judge_flow _ _ _ _ _ _ _) => [G|] // _; have [M] := judge_flowP R e; exists M.
case: (~~ _) => //; case e: (judge_run _ _ _ _ _ _ _) => [G|] // _; have [M] := judge_runP R e; by exists M.
Qed.
