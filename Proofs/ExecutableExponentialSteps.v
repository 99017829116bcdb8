(** Exponential steps over the real numbers: the rule step, with a linear coupling or without (Swift: [StepOfFlow];
    theory 6, integrators), and what [ExecutableExponential] says where exp is that of mathcomp's analysis.

    With omega >= |WD + KD'|_M, r >= sup |e^T M L e| / e^T M e and kappa = 1 - r > omega the factor is
    c + (1 - c) omega / kappa, c = exp(-h kappa), which grows with c. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From mathcomp.classical Require Import boolp classical_sets functions.
From mathcomp.analysis Require Import reals signed topology normedtype derive sequences realfun exp.
From Certify Require Import Spec Forms AbsoluteValue Gronwall Exponential.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks ExecutableUniform ExecutableDense
  ExecutableRefutation Executable ExecutableGauges ExecutableAssembly ExecutableTrees ExecutableSizes ExecutableSteps
  ExecutableDecay ExecutableExponential.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

(** Of ordered fields. *)
Lemma below_tangent (R : realFieldType) (z : R) : z <= 1 -> - 1 - - 1 * z <= 0.
Proof. by move=> z1; rewrite mulN1r opprK addrC subr_le0. Qed.
Lemma minus_le0 (R : realFieldType) (t : R) : 0 <= t -> - 1 * t <= 0.
Proof. by rewrite mulN1r oppr_le0. Qed.
Lemma minus_opp (R : realFieldType) (x : R) : - 1 * - x = x.
Proof. by rewrite mulN1r opprK. Qed.
Lemma minus0 (R : realFieldType) : - 1 * 0 = 0 :> R.
Proof. by rewrite mulr0. Qed.
Lemma above_tangent (R : realFieldType) (x z : R) : 1 - - x - z <= 1 - 0 - 1 -> 1 + x <= z.
Proof. by rewrite opprK subr0 subrr subr_le0. Qed.

Section Programs.
Variables (help : helpers) (fuel : nat) (brackets : bracketer) (N : network) (paces : vector) (a : assembly).
Variable norm : option quotient.
Local Notation n := (units N).

(** h is the step in time constants. *)
Definition exponential_shown (h rho : quotient) z :=
  let k := qsub q1 (skew_by z) in let x := qmul h k in let '(b, bs) := brackets x in
  [&& qlt q0 k, qle (driven_by z) k, decay_shown x b bs &
      qle (qadd (driven_by z) (qmul b.2 (qsub k (driven_by z)))) (qmul rho k)].

(** t proves the rate lam of the flow. *)
Definition check_exponential_step (t : tree) (lam size rho : quotient) : option reason :=
  if ~~ (qle q0 rho && qlt rho q1 && qlt q0 size) then Some NotContracting else
  if ~~ (sensible N && uniform n (times N)) then Some NotTheseSteps else
  if judge_flow help fuel true N paces t lam is Some J then
    if sizes_shown help N a norm J is Some z then
      if exponential_shown (qmul size (qinv (entry (times N) 0))) rho z then None else Some NotShown
    else Some NotShown
  else Some NotShown.

Section Meaning.
Variable R : realType.
Local Notation qr := (qr R).

Lemma one_plus_le (x : R) : 1 + x <= expR x.
Proof.
have [/expR_ge1Dx //|x0] := lerP 0 x.
pose f (t : R) : R := (1 - t) - expR (- 1 * t); pose df (t : R) : R := - 1 - - 1 * expR (- 1 * t).
have y0 : 0 <= - x by rewrite oppr_ge0 ltW.
have fd : moves f df.
  move=> t _; apply: (derive_value (is_deriveB (is_deriveB (is_derive_cst 1 t (1 : R)) (is_derive_id t (1 : R)))
    (derive_exponential (- 1) t))).
  by rewrite /df sub0r.
have neg t : 0 <= t -> df t <= 0.
  move=> t0; have le : expR (- 1 * t) <= 1.
    by rewrite -[X in _ <= X]expR0 ler_expR; exact (@minus_le0 R t t0).
  exact (@below_tangent R _ le).
have := nonincreasing y0 fd neg; rewrite /f.
have -> : - 1 * - x = x := @minus_opp R x. have -> : - 1 * 0 = 0 :> R := @minus0 R.
by rewrite expR0; exact (@above_tangent R x _).
Qed.

Theorem expR_exponential : exponential (@expR R).
Proof. by split; [exact: expRD | exact: one_plus_le]. Qed.

(** Two states come nearer by rho in some metric, whichever flow E of x' = -(1 - L)x and integral J of it there are:
    x+ = E(h) x + J(h) (W phi(x) + K psi(x) + u), or with phi(W x + u), h the step in time constants. *)
Definition exponential_step_claim size rho := exists M : 'M[R]_n, 0 <= qr rho < 1 /\
  forall E J : R -> 'M[R]_n, E 0 = 1%:M -> J 0 = 0 ->
    (forall i j, moves (fun t => E t i j) (fun t => ((L_ R N - 1%:M) *m E t) i j)) ->
    (forall i j, moves (fun t => J t i j) (fun t => E t i j)) ->
    let h := qr size / tau R N 0 in
    contracts (fun A => exists2 X, driven (N := N) X & A = E h + J h *m X) M (qr rho).

Theorem check_exponential_step_sound t lam size rho :
  check_exponential_step t lam size rho = None -> exponential_step_claim size rho.
Proof.
rewrite /check_exponential_step; case: (boolP (qle q0 rho && _ && _)) => //= /andP[/andP[r0 r1] /(qr_positive R) s0].
case: (boolP (sensible N && _)) => //= /andP[ok ut].
case e: (judge_flow _ _ _ _ _ _ _) => [J|] //; have [M [l0 [pM dM]] /(_ isT) known] := judge_flowP R e.
case ez: (sizes_shown _ _ _ _ _) => [z|] //; have [dr w0 li sk] := sizes_shownP ok known ez.
have [_ _ _ t0] := sensible_facts R ok; have tp : 0 < tau R N 0 := t0 (first_unit ok).
have [q qE] : exists q, q = qmul size (qinv (entry (times N) 0)) by eexists.
have hE : qr q = qr size / tau R N 0 by rewrite qE qrM qr_inv.
rewrite /exponential_shown -qE; case: (brackets _) => b bs; case: (boolP [&& _, _, _ & _]) => // + _.
case/and4P=> /(qr_positive R) k0; rewrite -!(qr_le R) => wk.
set x := qmul _ _ => shown; have h0 : 0 <= qr q by rewrite hE divr_ge0 // ltW.
have x0 : 0 <= qr x by rewrite qrM mulr_ge0 // ltW.
have [_ /andP[_ up]] := decay_shownP expR_exponential x0 shown.
have kE : qr (qsub q1 (skew_by z)) = 1 - qr (skew_by z) by rewrite qrB qr1.
have xE : qr x = (1 - qr (skew_by z)) * qr q by rewrite qrM kE mulrC.
rewrite xE in up; rewrite kE in k0 wk; rewrite !(qrB, qrD, qrM) qr1 => le.
exists M; split=> [|E F E0 F0 dE dF]; first by rewrite (qr_nonneg R r0) -(qr1 R) qr_lt.
rewrite -hE.
have skew y : bf M y (L_ R N *m y) <= qr (skew_by z) * qf M y by apply: le_trans (ler_norm _) (sk y).
have := exponential_coupled_step pM skew k0 E0 F0 dE dF h0 w0 dr; cbv zeta.
move: (1 - qr (skew_by z)) k0 wk le up => k k0 wk le up; set c := expR _ in up *.
have c0 : 0 <= c by apply/ltW/expR_gt0.
have c1 : c <= 1 by rewrite /c -expR0 ler_expR oppr_le0 mulr_ge0 // ltW.
apply: contracts_le.
  by rewrite addr_ge0 // divr_ge0 ?(ltW k0) // mulr_ge0 // subr_ge0.
rewrite -(ler_pmul2r k0); apply: le_trans le.
have -> : (c + (1 - c) * qr (driven_by z) / k) * k = qr (driven_by z) + c * (k - qr (driven_by z)).
  by field; rewrite gt_eqF.
by rewrite ler_add2l; apply: ler_wpmul2r up; rewrite subr_ge0.
Qed.

End Meaning.
End Programs.

(** ** The other rules and the refutations, for the exponential of the real numbers *)

Corollary check_exponential_real (R : realType) help fuel brackets N h near t rho' rho :
  check_exponential help fuel brackets N h near t rho' rho = None -> exponential_claim N h (@expR R) rho.
Proof. exact (@check_exponential_sound _ _ _ _ _ _ R _ (expR_exponential R) _ _ _). Qed.

Corollary check_exponential_refutation_real (R : realType) help triangulate brackets N h near r :
  check_exponential_refutation help triangulate brackets N h near r = None -> exponential_refuted N h (@expR R).
Proof. exact (@check_exponential_refutation_sound _ _ _ _ _ _ R _ (expR_exponential R) _). Qed.
