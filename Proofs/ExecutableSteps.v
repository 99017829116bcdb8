(** Steps taken from a proof for the flow, with sizes of the parts of the right-hand side in its metric (Swift:
    [StepOfFlow]; theory 6: E1, E3 and the semi-implicit step). *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue FormTransfer Steps StepOfFlow.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI Executable
  ExecutableRestriction ExecutableGauges ExecutableNorms ExecutableAssembly ExecutableJoin ExecutableTrees
  ExecutableCuts ExecutableSizes.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Programs.
Variables (help : helpers) (fuel : nat) (N : network) (paces : vector) (a : assembly) (norm : option quotient).
Local Notation n := (units N).
Local Notation p := (size (parts a)).

Record sizes := Sizes { driven_by : quotient; linear_by : quotient; skew_by : quotient }.

(** |what the slopes drive|, |L|, and the residual of L, in the metric of the gauge. *)
Definition sizes_shown J : option sizes :=
  let gs := cut_gauges a J in
  let u := ups help gs in let d := downs help gs in let f := floors help gs in
  if ~~ cut_shown N a J u d f then None else
  let S := pair_table help a (fun i j => claimed (gains_claimed a) i j
    (root_up help (schur (size_of a i) (size_of a j) (between_parts a (driven_bound N) i j) (up_ u i) (down_ d j)))) in
  let omega := root_up help (square_norm a S) in
  let B := pair_table help a (fun i j =>
    root_up help (schur (size_of a i) (size_of a j)
      (between_parts a (mabs (coupled_matrix N)) i j) (up_ u i) (down_ d j))) in
  let ell := root_up help (square_norm a B) in
  let ell := if norm is Some c then (if qlt c ell then c else ell) else ell in
  let r := pair_table help a (fun i j => let '(i, j) := if (i < j)%N then (i, j) else (j, i) in
    root_up help (schur (size_of a i) (size_of a j) (mabs (residual_block (alone_ a) gs (coupled_matrix N) i j))
      (floor_ f i) (floor_ f j))) in
  let most := largest (map (fun i => row_sum p r (constant p q1) i) (iota 0 p)) in
  if [&& driven_shown (propose help) N a J u d S omega, coupling_shown (propose help) N a J u d B ell &
      skew_shown (propose help) N a J f r most] then Some (Sizes omega ell most) else None.

(** E3, or E1; h is the step in time constants. *)
Definition euler_shown (h lam rho : quotient) z :=
  let c := qsub q1 h in let w := driven_by z in let l := linear_by z in let r := skew_by z in
  let linear := qadd (square c) (qadd (qmul q2 (qmul (qabs c) (qmul h r))) (square (qmul h l))) in
  let root := root_up help linear in
  let field := qadd q1 (qadd (qmul q2 r) (square l)) in let whole := root_up help field in
  qle q0 root && qle linear (square root) && qle (qadd root (qmul h w)) rho ||
  [&& qle q0 whole, qle field (square whole) &
      qle (qadd (qsub q1 (qmul q2 (qmul h (qmul lam (entry (times N) 0))))) (square (qmul h (qadd whole w))))
        (square rho)].

(** t proves the rate lam of the flow; the step is one of Euler. *)
Definition check_euler (t : tree) (lam : quotient) (steps : vector) (rho : quotient) : option reason :=
  if ~~ (qle q0 rho && qlt rho q1) then Some NotContracting else
  if ~~ [&& sensible N, has_steps N steps, uniform n steps & uniform n (times N)] then Some NotTheseSteps else
  if judge_flow help fuel true N paces t lam is Some J then
    if sizes_shown J is Some z then
      if euler_shown (entry steps 0) lam rho z then None else Some NotShown
    else Some NotShown
  else Some NotShown.

(** (1 + h omega) / (1 + h - h r), h the step in time constants. *)
Definition semi_implicit_shown (h rho : quotient) z :=
  let left := qsub (qadd q1 h) (qmul h (skew_by z)) in
  qlt q0 left && qle (qadd q1 (qmul h (driven_by z))) (qmul rho left).

Definition check_semi_implicit (t : tree) (lam size rho : quotient) : option reason :=
  if ~~ (qle q0 rho && qlt rho q1 && qlt q0 size) then Some NotContracting else
  if ~~ (sensible N && uniform n (times N)) then Some NotTheseSteps else
  if judge_flow help fuel true N paces t lam is Some J then
    if sizes_shown J is Some z then
      if semi_implicit_shown (qmul size (qinv (entry (times N) 0))) rho z then None else Some NotShown
    else Some NotShown
  else Some NotShown.

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).

Lemma sizes_shownP J z (M : 'M[R]_n) : sensible N -> gauges J M -> sizes_shown J = Some z ->
  [/\ shrinks (driven (R := R) (N := N)) M (qr (driven_by z)), 0 <= qr (driven_by z),
      forall e, qf M (L_ R N *m e) <= qr (linear_by z) ^+ 2 * qf M e &
      forall e, `|bf M e (L_ R N *m e)| <= qr (skew_by z) * qf M e].
Proof.
move=> ok known; have k0 := first_unit ok; rewrite /sizes_shown; case cut: (cut_shown _ _ _ _ _ _) => //.
case: ifP => // /and3P[d c s] [<-]; split.
- exact: (driven_size ok known cut k0 d).
- by have /and3P[_ /(qr_nonneg R)] := d.
- exact: (coupling_size known cut k0 c).
exact: (coupling_skew known cut k0 s).
Qed.

Lemma flow_linear (M : 'M[R]_n) lam : sensible N -> uniform n (times N) -> decays (flow R N) M lam ->
  decays (linear R N) M (lam * qr (entry (times N) 0)).
Proof.
move=> ok u d B lin e; have [_ _ _ t0] := sensible_facts R ok.
have tp : 0 < qr (entry (times N) 0) := t0 (first_unit ok).
have FA : flow R N ((qr (entry (times N) 0))^-1 *: B).
  exists B => //; have -> : pace R N = const_mx (qr (entry (times N) 0))^-1.
    by apply/rowP => i; rewrite !mxE; congr (_^-1); apply: qeqP; apply: (all_units u).
  by rewrite diag_const_mx mul_scalar_mx.
have := d _ FA e; rewrite -scalemxAl bfZr ler_pdivr_mull // mulrN mulrCA mulrA; exact.
Qed.

Theorem check_euler_sound t lam steps rho : check_euler t lam steps rho = None -> run_claim R N rho.
Proof.
rewrite /check_euler; case: (boolP (qle q0 rho && _)) => //= /andP[r0 r1].
case: (boolP [&& _, _, _ & _]) => //= /and4P[ok hs u ut].
case e: (judge_flow _ _ _ _ _ _ _) => [J|] //; have [M [l0 [pM dM]] /(_ isT) known] := judge_flowP R e.
case ez: (sizes_shown J) => [z|] //; have [dr w0 li sk] := sizes_shownP ok known ez.
case: (boolP (euler_shown _ _ _ _)) => // shown _.
exists M; rewrite /run_by (qr_nonneg R r0) -(qr1 R) qr_lt r1; split=> //.
have h0 := step_gt0_uniform R ok hs u; set h := qr (entry steps 0) in h0.
have sub : forall A, run R N A -> euler h (linear R N) A by move=> A; apply: run_uniform.
apply: contracts_sub sub _; move: shown; rewrite /euler_shown.
set a1 := root_up _ _; set a2 := root_up _ _ => /orP[/andP[/andP[/(qr_nonneg R) a0]]|/and3P[/(qr_nonneg R) a0]].
  rewrite -!(qr_le R) /square !(qrD, qrM, qrB, qr_abs, qr1, qr2) -/h => le1 le2.
  apply: (contracts_le (rho := qr a1 + h * qr (driven_by z))) => //; first by rewrite addr_ge0 // mulr_ge0 // ltW.
  apply: contracts_sub (euler_residual_step pM li sk (ltW h0) w0 a0 dr _) => [A [B lin ->]|].
    have [X dX ->] := linear_driven lin; exists X => //; apply/matrixP => i j; rewrite !mxE; entries R.
    by case: eqP => _; rewrite ?mulr1n ?mulr0n; ring.
  apply: le_trans le1; rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by move: (qr (skew_by z)) (qr (linear_by z)) (h) => x y k; move: `|1 - k| => m; ring.
rewrite -!(qr_le R) /square !(qrD, qrM, qrB, qr_abs, qr1, qr2) -/h => le1 le2.
have dl := flow_linear ok ut dM.
have sl : shrinks (linear R N) M (qr a2 + qr (driven_by z)).
  apply: shrinks_sub (field_size pM li sk w0 a0 dr _) => [A lin|]; first exact: linear_driven.
  by apply: le_trans le1; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
apply: (euler_step pM (ltW h0) dl sl).
by rewrite expr2; apply: le_trans le2; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

(** The step brings two states nearer by rho in some metric: y = e + h (L y - y + X e), h the step in time constants. *)
Definition semi_implicit_claim size rho := exists M : 'M[R]_n,
  [/\ 0 <= qr rho < 1, posdef M & forall X, driven (N := N) X -> forall e y,
    y = e + (qr size / tau R N 0) *: (L_ R N *m y - y + X *m e) -> qf M y <= qr rho ^+ 2 * qf M e].

Theorem check_semi_implicit_sound t lam size rho :
  check_semi_implicit t lam size rho = None -> semi_implicit_claim size rho.
Proof.
rewrite /check_semi_implicit; case: (boolP (qle q0 rho && _ && _)) => //= /andP[/andP[r0 r1] /(qr_positive R) s0].
case: (boolP (sensible N && _)) => //= /andP[ok ut].
case e: (judge_flow _ _ _ _ _ _ _) => [J|] //; have [M [l0 [pM dM]] /(_ isT) known] := judge_flowP R e.
case ez: (sizes_shown J) => [z|] //; have [dr w0 li sk] := sizes_shownP ok known ez.
have [_ _ _ t0] := sensible_facts R ok; have tp : 0 < tau R N 0 := t0 (first_unit ok).
have [q qE] : exists q, q = qmul size (qinv (entry (times N) 0)) by eexists.
have hE : qr q = qr size / tau R N 0 by rewrite qE qrM qr_inv.
rewrite /semi_implicit_shown -qE; case: (boolP (_ && _)) => // /andP[/(qr_positive R) + le] _; move: le.
rewrite -(qr_le R) !(qrD, qrM, qrB, qr1) hE; set h := _ / _ => le left.
have h0 : 0 <= h by rewrite ltW // divr_gt0.
have rp := qr_nonneg R r0.
exists M; split=> //; first by rewrite rp -(qr1 R) qr_lt.
move=> X dX e' y step.
have skew x : bf M x (L_ R N *m x) <= qr (skew_by z) * qf M x by apply: le_trans (ler_norm _) (sk x).
have hr : h * qr (skew_by z) <= 1 + h by rewrite -subr_ge0 ltW.
have := semi_implicit_step pM h0 w0 hr skew dr dX step; set d := 1 + h - h * _ in le left * => grow.
have d2 : 0 < d ^+ 2 by rewrite exprn_gt0.
rewrite -(ler_pmul2l d2); apply: (le_trans grow); rewrite [X in _ <= X]mulrA -exprMn.
apply: ler_wpmul2r; first exact: posdef_nonneg.
have hw : 0 <= 1 + h * qr (driven_by z) by apply: addr_ge0 (ler01) _; apply: mulr_ge0.
have dr0 : 0 <= d * qr rho by apply: mulr_ge0 (ltW left) rp.
by rewrite ler_sqr ?nnegrE // [d * _]mulrC.
Qed.

End Meaning.
End Programs.
