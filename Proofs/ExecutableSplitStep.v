(** The rule split-step as a program: a step that turns by the coupling and leaks unit by unit (Swift: [SplitStep]). *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms SplitStep.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableRestriction Executable.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** What is proposed: bounds on the residual of L, and on what leaks. *)
Record split_bounds := SplitBounds { turn_residual : quotient; leaks_below : quotient }.

Section Programs.
Variables (propose : proposer) (N : network) (h : quotient) (leaks metric norms : vector) (homes : seq nat).
Variables (bounds : split_bounds) (rho : quotient).
Local Notation n := (units N).
Local Notation L := (coupled_matrix N).
Local Notation r := (turn_residual bounds).

(** The norm of the component that a unit is in. *)
Definition unit_norms := vsub_ homes norms.

(** (1 + 2 h r / (1 - h r / 2)^2) leaks <= rho^2. *)
Definition turned := let t := qsub q1 (qmul qhalf (qmul h r)) in
  qle (qmul (qadd q1 (qmul (qmul q2 (qmul h r)) (qinv (qmul t t)))) (leaks_below bounds)) (qmul rho rho).

Definition split_shown :=
  let PL := mrows metric L in
  [&& if side N is Outside then true else false, single N, sensible N & (size homes == n)] &&
  [&& positives n metric, qle q0 h, qle q0 r, qlt (qmul h r) q2, qle q0 (leaks_below bounds),
      all (fun i => [&& (nth 0%N homes i < n)%N, qlt q0 (entry leaks i), qle (entry leaks i) q1 &
        let g := qmul (high N) (entry unit_norms i) in
        qle (qsub q1 (qmul (entry leaks i) (qsub q1 (qmul g g)))) (leaks_below bounds)]) (iota 0 n),
      all (fun i => all (fun j => (nth 0%N homes i == nth 0%N homes j) || Z.eqb (at2 (entries (weights N)) i j) Z0)
        (iota 0 n)) (iota 0 n),
      psd propose n (msub (mrows unit_norms (mrows unit_norms (mdiag metric)))
        (mmul n n (mtr n (weights N)) (mrows metric (weights N)))),
      psd propose n (msub (mscale (qmul q2 r) (mdiag metric)) (madd PL (mtr n PL))) & turned].

Definition check_split : option reason :=
  if ~~ (qle q0 rho && qlt rho q1) then Some NotContracting else if split_shown then None else Some NotShown.

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation mx := (mx R n n).
Local Notation rv := (rv R n).

(** The step contracts, whichever roots of the leaks the field has. *)
Definition split_claim := exists M : 'M[R]_n, 0 <= qr rho < 1 /\ forall b : 'rV[R]_n,
  (forall i, b 0 i ^+ 2 = rv leaks 0 i) ->
  contracts (split_family (rv leaks) b (W_ R N) (L_ R N) (qr (low N)) (qr (high N)) (qr h)) M (qr rho).

Theorem check_split_sound : check_split = None -> split_claim.
Proof.
rewrite /check_split; case: (boolP (_ && _)) => //= /andP[r0 r1]; case: (boolP split_shown) => // + _.
case/andP=> /and4P[_ _ ok /eqP sh]
  /and5P[/(@positivesP R N) P0 h0 res0 hr /and5P[l0 /allP units_ /allP apart psd1 /andP[psd2 t]]].
exists (diag_mx (rv metric)); rewrite (qr_nonneg R r0) -(qr1 R) qr_lt r1; split=> // b root.
have facts (i : 'I_n) : [/\ (nth 0%N homes i < n)%N, 0 < rv leaks 0 i, rv leaks 0 i <= 1 &
      1 - rv leaks 0 i * (1 - (qr (high N) * rv unit_norms 0 i) ^+ 2) <= qr (leaks_below bounds)].
  have := units_ i; rewrite mem_iota add0n ltn_ord => /(_ isT)/and4P[hi /(qr_positive R) a0].
  by cbv zeta; rewrite -!(qr_le R) !(qrB, qrM, qr1) !rv_at expr2.
pose home (i : 'I_n) : 'I_n := insubd i (nth 0%N homes i).
have homeE i : home i = nth 0%N homes i :> nat by rewrite val_insubd; have [->] := facts i.
pose s (k : 'I_n) : R := qr (Quotient (nth Z0 (coordinates norms) k) (over norms)).
have sE i : s (home i) = rv unit_norms 0 i.
  by rewrite /s homeE rv_at /unit_norms /entry /at1 /= (nth_map 0%N) // sh.
have off (i j : 'I_n) : home i != home j -> W_ R N i j = 0.
  move=> ij; have := apart i; rewrite mem_iota add0n ltn_ord => /(_ isT)/allP/(_ j).
  rewrite mem_iota add0n ltn_ord => /(_ isT)/orP[/eqP e|/Z.eqb_eq e].
    by case/eqP: ij; apply: val_inj; rewrite /= !homeE.
  by rewrite /W_ mx_at e mul0r.
have norm2 (x : 'cV[R]_n) : \sum_i rv metric 0 i * (W_ R N *m x) i 0 ^+ 2
  <= \sum_i (s (home i)) ^+ 2 * (rv metric 0 i * x i 0 ^+ 2).
  have := @psdP _ R _ _ psd1 x; rewrite mxB !mx_rows mxM mxT !mx_rows mx_diag -/(W_ R N).
  rewrite !mulmx_diag {1}/qf bfMD bfMN subr_ge0 bf_mulT bf_mul -/(qf (diag_mx (rv metric)) _) qf_diag => h1.
  apply: (le_trans h1); rewrite -/(qf _ _) qf_diag le_eqVlt; apply/orP; left; apply/eqP.
  by apply: eq_bigr => i _; rewrite !mxE sE; entries R; ring.
apply: (@split_step R n n home (rv metric) (rv leaks) b (W_ R N) (L_ R N) s (qr (low N)) (qr (high N)) (qr h)
  (qr (turn_residual bounds)) (qr rho) (qr (leaks_below bounds))) => //.
- by move=> i; have [_ -> ->] := facts i.
- have [lo lg _ _] := sensible_facts R ok; have gn := le_trans lo lg; by apply: le_trans lo; rewrite oppr_le0.
- exact: qr_nonneg.
- exact: qr_nonneg.
- by move: hr; rewrite -(qr_lt R) qrM qr2.
- move=> k x; pose x' : 'cV[R]_n := \col_i (if home i == k then x i 0 else 0).
  have same i : home i == k -> (W_ R N *m x) i 0 = (W_ R N *m x') i 0.
    move=> /eqP ik; rewrite !mxE; apply: eq_bigr => j _; rewrite [x' _ _]mxE.
    by case: eqP => // jk; rewrite off ?mul0r // ik eq_sym; apply/eqP.
  apply: (@le_trans _ _ (\sum_i rv metric 0 i * (W_ R N *m x') i 0 ^+ 2)).
    rewrite [X in _ <= X](bigID (fun i => home i == k)) /=; apply: ler_paddr.
      by apply: sumr_ge0 => i _; apply: mulr_ge0; [apply: ltW | apply: sqr_ge0].
    by apply: ler_sum => i ik; rewrite (same i ik).
  apply: (le_trans (norm2 x')); rewrite (bigID (fun i => home i == k)) /= [X in _ + X]big1 ?addr0 => [|i ik].
    by rewrite mulr_sumr; apply: ler_sum => i ik; rewrite mxE ik (eqP ik).
  by rewrite mxE (negbTE ik) expr0n !mulr0.
- move=> e; have := @psdP _ R _ _ psd2 e; rewrite mxB mxZ mxD mxT mx_rows mx_diag -/(L_ R N) qrM qr2.
  rewrite /qf bfMD bfMN bfMD bfT bfMZ bf_mul -!/(qf _ _) => h1.
  by apply: (le_by (s := _ / 2%:R) _ (divr_ge0 h1 (ler0n _ 2))); field.
- by move=> i; have [_ _ _] := facts i; rewrite -sE exprMn.
move: t; rewrite /turned -(qr_le R) !(qrM, qrD) qr1 qr2 -expr2.
have tp : 0 < 1 - qr h * qr (turn_residual bounds) / 2%:R.
  by move: hr; rewrite -(qr_lt R) qrM qr2 subr_gt0 ltr_pdivr_mulr ?ltr0n // mul1r.
have tE : qr (qsub q1 (qmul qhalf (qmul h (turn_residual bounds)))) = 1 - qr h * qr (turn_residual bounds) / 2%:R.
  by rewrite qrB !qrM qr1 qr_half mulrC.
rewrite qr_inv qrM tE; last by apply: mulr_gt0.
by rewrite -expr2 !mulrA.
Qed.

End Meaning.
End Programs.
