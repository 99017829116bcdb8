(** What the main theorems rest on; [check-assumptions] compares the answers with the allowed ones. *)
From Certify Require Import Spec Forms AbsoluteValue FormTransfer Symmetric ProductForm SingularValue Disk
  SlopeLMI Triangular Hierarchy GlobalWorkspace Feedback Pruning Ablation Steps Consequences UnstableVertex
  NoConstantMetric Theorem7 Slips Components BlockNorm Interconnection VertexLMI SplitStep Instability.
From Certify Require Import Executable ExecutableImplicit ExecutableEulerSkew.

Print Assumptions absolute_value_flow.
Print Assumptions absolute_value_map.
Print Assumptions compared_coupled.
Print Assumptions compared_inside.
Print Assumptions theorem_1.
Print Assumptions transfer_flow.
Print Assumptions transfer_map.
Print Assumptions inside_of_outside.
Print Assumptions inside_by_congruence.
Print Assumptions uniform_pace.
Print Assumptions slowest_pace.
Print Assumptions symmetric_flow.
Print Assumptions symmetric_flow_outside.
Print Assumptions symmetric_euler.
Print Assumptions symmetric_euler_outside.
Print Assumptions product_form_inside.
Print Assumptions product_form_outside.
Print Assumptions singular_value_outside.
Print Assumptions singular_value_inside.
Print Assumptions theorem_5_plus.
Print Assumptions theorem_5.
Print Assumptions singular_value_euler_outside.
Print Assumptions singular_value_euler_inside.
Print Assumptions disk_inside.
Print Assumptions disk_outside.
Print Assumptions disk_euler_inside.
Print Assumptions disk_euler_outside.
Print Assumptions slope_lmi_flow.
Print Assumptions slope_lmi_euler.
Print Assumptions slope_lmi_outside.
Print Assumptions slope_lmi_inside.
Print Assumptions triangular.
Print Assumptions hierarchy_flow.
Print Assumptions hierarchy_map.
Print Assumptions arrow.
Print Assumptions feedback.
Print Assumptions negative_feedback.
Print Assumptions pruned_feedback.
Print Assumptions pruned_absolute_value.
Print Assumptions ablated_inside.
Print Assumptions ablated_outside.
Print Assumptions euler_step.
Print Assumptions euler_skew_step.
Print Assumptions euler_skew_refuted.
Print Assumptions implicit_step.
Print Assumptions semi_implicit_step.
Print Assumptions trajectories_outside.
Print Assumptions trajectories_inside.
Print Assumptions unstable_vertex.
Print Assumptions unstable_map.
Print Assumptions singular_vertex.
Print Assumptions no_constant_metric.
Print Assumptions theorem_7_metric.
Print Assumptions theorem_7_none.
Print Assumptions workspace_equality.
Print Assumptions workspace_count.
Print Assumptions identity_coupling.
Print Assumptions slopes_as_metric.
Print Assumptions slopes_as_metric_hypothesis.
Print Assumptions full_metric_skew.
Print Assumptions pairwise_pruning.
  NoConstantMetric Theorem7 Slips Components BlockNorm Interconnection VertexLMI SplitStep Instability.
From Certify Require Import Executable ExecutableImplicit ExecutableEulerSkew.
Print Assumptions check_implicit_sound.
Print Assumptions ExecutableEulerSkew.euler_skew.
